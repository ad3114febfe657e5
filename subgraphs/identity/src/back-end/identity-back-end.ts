import type { JobHandlers } from '@suvidha/jobs';
import type { Notifier } from '@suvidha/notifications';
import type { Sealer } from '@suvidha/seal';
import type { CodeBackEnd } from '../otp/code-back-end.ts';
import { OwnCodes } from '../otp/own-codes.ts';
import type { SocialGateways } from '../providers/social-gateway.ts';
import { type BackEndSessions, noBackEndSessions } from '../session/back-end-sessions.ts';
import { createSocialGateways, type SocialConfig } from '../social/social-gateways.ts';

/** Who proves who people are, and stands behind their sessions. */
export interface IdentityBackEnd {
  readonly codes: CodeBackEnd;
  readonly gateways: SocialGateways;
  readonly sessions: BackEndSessions;
  readonly jobs: JobHandlers;
}

/** We do it all: our own codes and messages, and the providers themselves. */
export function createOwnBackEnd({
  config,
  sealer,
  notifier,
}: {
  config: SocialConfig;
  sealer: Sealer;
  notifier: Notifier;
}): IdentityBackEnd {
  return {
    codes: new OwnCodes({ sealer, notifier }),
    gateways: createSocialGateways(config),
    sessions: noBackEndSessions,
    jobs: {},
  };
}
