import type { SubgraphContext } from '@suvidha/subgraph';
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { KycVerificationLoader } from '../kyc-verification/kyc-verification.reference.ts';
import { KycVerificationType } from '../kyc-verification/kyc-verification.type.ts';
import { UserStub } from './user.stub.ts';

/** What this subgraph contributes to a person. */
@Resolver(() => UserStub)
export class UserResolver {
  readonly #loadByUser: KycVerificationLoader;

  constructor(loadByUser: KycVerificationLoader) {
    this.#loadByUser = loadByUser;
  }

  @FieldResolver(() => KycVerificationType, {
    nullable: true,
    description:
      'The proof of who the person is, for themself and for staff who review it. Null: none was begun, or you may not see it.',
  })
  kyc(@Root() { id }: UserStub, @Ctx() context: SubgraphContext): Promise<object | null> {
    return this.#loadByUser(context).load(id);
  }
}
