import { demoPeople } from '@suvidha/demo';
import type { Db } from './db.ts';
import type { Role } from './generated/prisma/client.ts';

const openedAt = new Date('2026-01-05T04:30:00.000Z');

/** Puts the demo people there, once; a second run changes nothing. */
export async function seedDemo(db: Db): Promise<void> {
  const roles: Record<keyof typeof demoPeople, Role[]> = {
    customer: ['USER'],
    operator: ['USER', 'OPERATOR'],
    admin: ['USER', 'ADMIN'],
  };
  await db.user.createMany({
    data: Object.entries(demoPeople).map(([name, person]) => ({
      ...person,
      phoneVerifiedAt: openedAt,
      emailVerifiedAt: openedAt,
      createdAt: openedAt,
      roles: roles[name as keyof typeof demoPeople],
    })),
    skipDuplicates: true,
  });
}
