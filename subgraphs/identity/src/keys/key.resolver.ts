import { DateTime, RequireAuth, type SubgraphContext } from '@suvidha/subgraph';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { KeyRotation } from './key-rotation.ts';

@InputType({ description: 'Makes a new key.' })
export class RotateSigningKeysInput {
  @Field(() => String, {
    nullable: true,
    description: 'Echoed nowhere; for the client to match its own records.',
  })
  clientMutationId?: string | null;
}

@ObjectType({ description: 'The outcome of making a new key.' })
export class RotateSigningKeysPayload {
  @Field(() => String, { description: 'The id of the key that signs next.' })
  keyId!: string;

  @Field(() => DateTime, { description: 'From when on it signs. Until then it is only shown.' })
  activatedAt!: Date;
}

@Resolver()
export class KeyResolver {
  readonly #rotation: KeyRotation;

  constructor(rotation: KeyRotation) {
    this.#rotation = rotation;
  }

  @Mutation(() => RotateSigningKeysPayload, {
    nullable: true,
    description: 'Makes a new key for access tokens. Nobody is logged out and nothing is restarted.',
  })
  @RequireAuth('user:admin')
  async rotateSigningKeys(
    @Arg('input', () => RotateSigningKeysInput, { nullable: true, description: 'Nothing is needed.' })
    _input: RotateSigningKeysInput | null,
    @Ctx() caller: SubgraphContext,
  ): Promise<RotateSigningKeysPayload> {
    const { kid, activatedAt } = await this.#rotation.rotate(caller);
    return { keyId: kid, activatedAt };
  }
}
