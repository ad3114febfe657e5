import type { PersonalData } from '@suvidha/events';
import type { Db } from '../db.ts';

/** What KYC knows of people. Nothing of it must be kept. */
export const kycPersonalData: PersonalData<Db> = {
  subgraph: 'kyc',
  async collect(tx, userId) {
    return { verifications: await tx.kycVerification.findMany({ where: { userId } }) };
  },
  async erase(tx, { userId }) {
    await tx.kycVerification.deleteMany({ where: { userId } });
  },
};
