import { assertUser } from '@suvidha/auth';
import { RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { UserType } from '../user/user.type.ts';
import { toLocale } from './language.ts';
import type { PreferenceService } from './preference.service.ts';
import {
  NotificationPreferencesType,
  UpdateNotificationPreferencesInput,
  UpdateNotificationPreferencesPayload,
} from './preference.type.ts';
import { toPreferencesType } from './preference.view.ts';

@Resolver(() => UserType)
export class PreferenceResolver {
  readonly #preferences: PreferenceService;

  constructor(preferences: PreferenceService) {
    this.#preferences = preferences;
  }

  @FieldResolver(() => NotificationPreferencesType, {
    nullable: true,
    description: 'What the person wants to be told, and how.',
  })
  @RequireAuth()
  async notificationPreferences(@Root() { id }: UserType): Promise<NotificationPreferencesType> {
    return toPreferencesType(await this.#preferences.get(id));
  }

  @Mutation(() => UpdateNotificationPreferencesPayload, {
    nullable: true,
    description: 'Changes what whoever is logged in wants to be told, and how.',
  })
  @RequireAuth()
  updateNotificationPreferences(
    @Arg('input', () => UpdateNotificationPreferencesInput, { description: 'What changes.' })
    { language, ...input }: UpdateNotificationPreferencesInput,
    @Ctx() { actor }: SubgraphContext,
  ): Promise<UpdateNotificationPreferencesPayload> {
    const { userId } = assertUser(actor);
    const change = { ...input, ...(language && { locale: toLocale(language) }) };
    return withUserErrors<Omit<UpdateNotificationPreferencesPayload, 'userErrors'>>(
      { preferences: null },
      async () => ({ preferences: toPreferencesType(await this.#preferences.update(userId, change)) }),
    );
  }
}
