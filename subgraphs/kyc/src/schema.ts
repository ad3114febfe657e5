import { type BuiltSubgraph, buildSubgraph } from '@suvidha/subgraph';
import {
  createKycVerificationByUserLoader,
  createKycVerificationLoader,
  createKycVerificationReference,
} from './kyc-verification/kyc-verification.reference.ts';
import { KycVerificationResolver } from './kyc-verification/kyc-verification.resolver.ts';
import type { KycVerificationService } from './kyc-verification/kyc-verification.service.ts';
import { UserResolver } from './user/user.resolver.ts';
import { UserStub } from './user/user.stub.ts';

export interface KycServices {
  readonly verifications: KycVerificationService;
}

/** The KYC subgraph: its own types, and what it contributes to those of others, over its services. */
export function buildKycSchema({ verifications }: KycServices): Promise<BuiltSubgraph> {
  const loadVerification = createKycVerificationLoader(verifications);
  return buildSubgraph({
    resolvers: [KycVerificationResolver, UserResolver],
    orphanedTypes: [UserStub],
    references: { KycVerification: createKycVerificationReference(loadVerification) },
    instances: [
      new KycVerificationResolver(loadVerification),
      new UserResolver(createKycVerificationByUserLoader(verifications)),
    ],
  });
}
