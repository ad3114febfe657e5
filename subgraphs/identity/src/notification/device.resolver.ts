import { assertUser } from '@suvidha/auth';
import { RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { DeviceService } from './device.service.ts';
import {
  RegisterDeviceInput,
  RegisterDevicePayload,
  UnregisterDeviceInput,
  UnregisterDevicePayload,
} from './device.type.ts';

@Resolver()
export class DeviceResolver {
  readonly #devices: DeviceService;

  constructor(devices: DeviceService) {
    this.#devices = devices;
  }

  @Mutation(() => RegisterDevicePayload, {
    nullable: true,
    description: 'Registers an app for push messages.',
  })
  @RequireAuth()
  registerDevice(
    @Arg('input', () => RegisterDeviceInput, { description: 'Which app.' }) input: RegisterDeviceInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<RegisterDevicePayload> {
    const { userId } = assertUser(actor);
    return withUserErrors<Omit<RegisterDevicePayload, 'userErrors'>>({ device: null }, async () => ({
      device: await this.#devices.register(userId, input),
    }));
  }

  @Mutation(() => UnregisterDevicePayload, {
    nullable: true,
    description: 'Ends push messages to an app. Done for one that is not registered, too.',
  })
  @RequireAuth()
  unregisterDevice(
    @Arg('input', () => UnregisterDeviceInput, { description: 'Which app.' }) input: UnregisterDeviceInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<UnregisterDevicePayload> {
    const { userId } = assertUser(actor);
    return withUserErrors<object>({}, async () => {
      await this.#devices.unregister(userId, input.pushToken);
      return {};
    });
  }
}
