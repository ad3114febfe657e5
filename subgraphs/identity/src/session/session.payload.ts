import { withUserErrors } from '@suvidha/subgraph';
import type { Tokens } from './session.service.ts';

type SessionFields = Omit<Tokens, 'sessionId'>;
type NoTokens = { [Key in keyof SessionFields]: SessionFields[Key] | null };

const noTokens: NoTokens = { accessToken: null, accessTokenExpiresAt: null, refreshToken: null, user: null };

/** The payload of every mutation that logs somebody in. */
export function toSessionPayload(useCase: () => Promise<Tokens>) {
  return withUserErrors<NoTokens>(noTokens, useCase);
}
