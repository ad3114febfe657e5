import { assertUser } from '@suvidha/auth';
import {
  PageArgs,
  Public,
  RequireAuth,
  RowAccess,
  type SubgraphContext,
  toConnection,
  toPage,
  withUserErrors,
} from '@suvidha/subgraph';
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import type { ProfileService } from './profile.service.ts';
import { UpdateProfileInput, UserFilter } from './user.inputs.ts';
import type { UserLoader } from './user.reference.ts';
import type { UserService } from './user.service.ts';
import { UpdateProfilePayload, UserConnection, UserType } from './user.type.ts';

export interface UserResolverServices {
  readonly load: UserLoader;
  readonly users: UserService;
  readonly profiles: ProfileService;
}

@Resolver(() => UserType)
export class UserResolver {
  readonly #services: UserResolverServices;

  constructor(services: UserResolverServices) {
    this.#services = services;
  }

  @Query(() => UserType, { nullable: true, description: 'Who is logged in. Null: nobody is.' })
  @Public()
  me(@Ctx() context: SubgraphContext): Promise<object | null> | null {
    const { actor } = context;
    return actor.kind === 'user' ? this.#services.load(context).load(actor.userId) : null;
  }

  @Query(() => UserType, {
    nullable: true,
    description: 'A person: yourself, or anybody for staff. Null: there is none that you may see.',
  })
  @RowAccess()
  user(
    @Arg('id', () => ID, { description: 'Identifies the account.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<object | null> {
    return this.#services.load(context).load(id);
  }

  @Query(() => UserConnection, { nullable: true, description: 'Accounts, the newest first.' })
  @RequireAuth('user:read')
  async users(
    @Arg('filter', () => UserFilter, { nullable: true, description: 'Which ones. Absent: all.' })
    filter: UserFilter | null,
    @Args(() => PageArgs) args: PageArgs,
  ) {
    const page = toPage(args);
    return toConnection(await this.#services.users.list(filter ?? {}, page), page, (user) => user);
  }

  @Mutation(() => UpdateProfilePayload, {
    nullable: true,
    description: 'Changes your name, or your phone number or e-mail address by a code that was sent there.',
  })
  @RequireAuth()
  updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'What to change.' }) input: UpdateProfileInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return withUserErrors<{ user: object | null }>({ user: null }, async () => ({
      user: await this.#services.profiles.update(caller, assertUser(caller.actor), input),
    }));
  }
}
