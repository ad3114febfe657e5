import { assertUser } from '@suvidha/auth';
import { RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { ReinstateUserInput, SetUserRoleInput, SuspendUserInput } from './user.inputs.ts';
import { ReinstateUserPayload, SetUserRolePayload, SuspendUserPayload } from './user.type.ts';
import type { UserAdminService } from './user-admin.service.ts';

@Resolver()
export class UserAdminResolver {
  readonly #admin: UserAdminService;

  constructor(admin: UserAdminService) {
    this.#admin = admin;
  }

  @Mutation(() => SetUserRolePayload, { nullable: true, description: 'Gives somebody a role.' })
  @RequireAuth('user:admin')
  setUserRole(
    @Arg('input', () => SetUserRoleInput, { description: 'Whom, and which.' }) input: SetUserRoleInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return changed(() => this.#admin.setRole(caller, assertUser(caller.actor), input));
  }

  @Mutation(() => SuspendUserPayload, {
    nullable: true,
    description: 'Shuts somebody out: their sessions end and they cannot log in.',
  })
  @RequireAuth('user:admin')
  suspendUser(
    @Arg('input', () => SuspendUserInput, { description: 'Whom, and why.' }) input: SuspendUserInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return changed(() => this.#admin.suspend(caller, assertUser(caller.actor), input));
  }

  @Mutation(() => ReinstateUserPayload, { nullable: true, description: 'Lets somebody in again.' })
  @RequireAuth('user:admin')
  reinstateUser(
    @Arg('input', () => ReinstateUserInput, { description: 'Whom.' }) { userId }: ReinstateUserInput,
    @Ctx() caller: SubgraphContext,
  ) {
    return changed(() => this.#admin.reinstate(caller, assertUser(caller.actor), userId));
  }
}

function changed(useCase: () => Promise<object>) {
  return withUserErrors<{ user: object | null }>({ user: null }, async () => ({ user: await useCase() }));
}
