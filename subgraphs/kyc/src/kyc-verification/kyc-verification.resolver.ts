import { RequireAuth, type SubgraphContext } from '@suvidha/subgraph';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { KycVerificationLoader } from './kyc-verification.reference.ts';
import { KycVerificationType } from './kyc-verification.type.ts';

@Resolver(() => KycVerificationType)
export class KycVerificationResolver {
  readonly #load: KycVerificationLoader;

  constructor(load: KycVerificationLoader) {
    this.#load = load;
  }

  @Query(() => KycVerificationType, {
    nullable: true,
    description: 'A verification by its id. Null: there is none, or it is not yours.',
  })
  @RequireAuth()
  kycVerification(
    @Arg('id', () => ID, { description: 'Identifies the verification.' }) id: string,
    @Ctx() context: SubgraphContext,
  ): Promise<object | null> {
    return this.#load(context).load(id);
  }
}
