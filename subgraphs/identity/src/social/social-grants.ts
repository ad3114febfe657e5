import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { Db } from '../db.ts';
import { SocialProvider } from '../generated/prisma/enums.ts';
import type { SocialGateways } from '../providers/social-gateway.ts';

const sealPurpose = 'social-grant';
const task = 'revoke-social-grant';
const payload = z.object({ provider: z.enum(SocialProvider), sealedToken: z.string() });

/** Keeps what a provider wants back when the person leaves, in the place of what it gave before. */
export async function keepGrant(
  tx: Db,
  sealer: Sealer,
  { linkedAccountId, token }: { linkedAccountId: string; token: string },
): Promise<void> {
  const sealedToken = sealer.seal(sealPurpose, token);
  await tx.socialGrant.upsert({
    where: { linkedAccountId },
    create: { linkedAccountId, sealedToken },
    update: { sealedToken },
  });
}

/** Gives back what linked accounts hold, by jobs of the transaction that takes them away. Call it before. */
export async function revokeGrants(
  tx: Db,
  of: { readonly id: string } | { readonly userId: string },
): Promise<void> {
  const grants = await tx.socialGrant.findMany({
    where: { linkedAccount: of },
    select: { sealedToken: true, linkedAccount: { select: { provider: true } } },
  });
  for (const { sealedToken, linkedAccount } of grants)
    await addJob(tx, task, { provider: linkedAccount.provider, sealedToken });
}

/** The job of {@link revokeGrants}: again until the provider has taken it back. */
export function createGrantJobs(
  gateways: SocialGateways,
  sealer: Sealer,
): Readonly<Record<string, JobHandler>> {
  return {
    [task]: async (raw) => {
      const { provider, sealedToken } = payload.parse(raw);
      await gateways[provider]?.revoke?.(sealer.unseal(sealPurpose, sealedToken));
    },
  };
}
