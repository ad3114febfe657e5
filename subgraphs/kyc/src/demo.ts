import { demoPeople } from '@suvidha/demo';
import type { Db } from './db.ts';

/** The demo customer's verification. Its id is fixed, so that examples can name it. */
export const demoVerification = {
  id: '019a0000-0000-7000-8000-000000000101',
  userId: demoPeople.customer.id,
  status: 'VERIFIED',
  createdAt: new Date('2026-01-05T04:45:00.000Z'),
  verifiedAt: new Date('2026-01-06T09:12:00.000Z'),
} as const;

/** Puts the demo verification there, once; a second run changes nothing. */
export async function seedDemo(db: Db): Promise<void> {
  await db.kycVerification.createMany({ data: [demoVerification], skipDuplicates: true });
}
