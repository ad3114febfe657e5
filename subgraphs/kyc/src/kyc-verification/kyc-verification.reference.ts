import { createContextLoader, type ReferenceResolver } from '@suvidha/subgraph';
import type { KycVerificationService } from './kyc-verification.service.ts';

/** Loads verifications by id, those that the caller may see. */
export function createKycVerificationLoader(verifications: KycVerificationService) {
  return createContextLoader((ids, { actor }) => verifications.findVisible(actor, ids));
}

/** Loads verifications by the id of their user, those that the caller may see. */
export function createKycVerificationByUserLoader(verifications: KycVerificationService) {
  return createContextLoader((userIds, { actor }) => verifications.findVisibleByUser(actor, userIds));
}

export type KycVerificationLoader = ReturnType<typeof createKycVerificationLoader>;

export function createKycVerificationReference(load: KycVerificationLoader): ReferenceResolver {
  return ({ id }, context) => load(context).load(String(id));
}
