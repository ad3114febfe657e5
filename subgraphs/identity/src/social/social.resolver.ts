import { assertUser } from '@suvidha/auth';
import {
  createContextLoader,
  Public,
  RequireAuth,
  type SubgraphContext,
  withUserErrors,
} from '@suvidha/subgraph';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { toSessionPayload } from '../session/session.payload.ts';
import { UserType } from '../user/user.type.ts';
import type { LinkedAccountService } from './linked-account.service.ts';
import {
  CompleteSocialLoginInput,
  LinkSocialAccountInput,
  StartSocialLoginInput,
  UnlinkSocialAccountInput,
} from './social.inputs.ts';
import {
  CompleteSocialLoginPayload,
  LinkedAccountType,
  LinkSocialAccountPayload,
  StartSocialLoginPayload,
  UnlinkSocialAccountPayload,
} from './social.type.ts';
import type { SocialLoginService } from './social-login.service.ts';
import type { SocialReturn } from './social-verifier.ts';

export interface SocialServices {
  readonly logins: SocialLoginService;
  readonly linkedAccounts: LinkedAccountService;
}

@Resolver(() => UserType)
export class SocialResolver {
  readonly #services: SocialServices;
  readonly #loadLinked;

  constructor(services: SocialServices) {
    this.#services = services;
    this.#loadLinked = createContextLoader((ids) => services.linkedAccounts.loadByUser(ids));
  }

  @FieldResolver(() => [LinkedAccountType], {
    description: 'The accounts at providers by which the person logs in.',
  })
  async linkedAccounts(@Root() { id }: UserType, @Ctx() context: SubgraphContext): Promise<object[]> {
    return (await this.#loadLinked(context).load(id)) ?? [];
  }

  @Mutation(() => StartSocialLoginPayload, {
    nullable: true,
    description: 'Begins a login at Google, Facebook or Apple. It can be completed once, within ten minutes.',
  })
  @Public()
  startSocialLogin(
    @Arg('input', () => StartSocialLoginInput, { description: 'Where, and to which app.' })
    input: StartSocialLoginInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<StartSocialLoginPayload> {
    const nothing = { authorizationUrl: null, state: null, expiresAt: null };
    return withUserErrors<Omit<StartSocialLoginPayload, 'userErrors'>>(nothing, () =>
      this.#services.logins.start(caller, input),
    );
  }

  @Mutation(() => CompleteSocialLoginPayload, {
    nullable: true,
    description:
      'Logs in, or opens an account, with what came back from the provider. An account with the same e-mail address is taken only where the provider and we have both verified the address.',
  })
  @Public()
  completeSocialLogin(
    @Arg('input', () => CompleteSocialLoginInput, { description: 'What came back.' })
    input: CompleteSocialLoginInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return toSessionPayload(() => this.#services.logins.complete(caller, toReturn(input)));
  }

  @Mutation(() => LinkSocialAccountPayload, {
    nullable: true,
    description:
      'Adds an account at a provider to yours, with what came back from a start with the intent LINK.',
  })
  @RequireAuth()
  linkSocialAccount(
    @Arg('input', () => LinkSocialAccountInput, { description: 'What came back.' })
    input: LinkSocialAccountInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<LinkSocialAccountPayload> {
    return withUserErrors<Omit<LinkSocialAccountPayload, 'userErrors'>>(
      { linkedAccount: null },
      async () => ({
        linkedAccount: await this.#services.logins.link(caller, assertUser(caller.actor), toReturn(input)),
      }),
    );
  }

  @Mutation(() => UnlinkSocialAccountPayload, {
    nullable: true,
    description: 'Takes a linked account away. The last way into an account stays.',
  })
  @RequireAuth()
  unlinkSocialAccount(
    @Arg('input', () => UnlinkSocialAccountInput, { description: 'Which one.' })
    { id }: UnlinkSocialAccountInput,
    @Ctx() caller: SubgraphContext,
  ): Promise<UnlinkSocialAccountPayload> {
    return withUserErrors({}, async () => {
      await this.#services.linkedAccounts.unlink(caller, assertUser(caller.actor), id);
      return {};
    });
  }
}

function toReturn({ user, ...input }: CompleteSocialLoginInput): SocialReturn {
  return { ...input, userText: user };
}
