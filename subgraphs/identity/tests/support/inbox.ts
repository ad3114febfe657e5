import { vi } from 'vitest';
import type { IdentityFixture, Json } from './identity.fixture.ts';

/** The messages that arrived at an address, newest first, as soon as there are so many. */
export function receiveMessages(
  { sandbox }: Pick<IdentityFixture, 'sandbox'>,
  address: string,
  count = 1,
): Promise<Json[]> {
  const inbox = `${sandbox.url}/inbox?to=${encodeURIComponent(address)}`;
  return vi.waitFor(
    async () => {
      const messages = (await (await fetch(inbox)).json()) as Json[];
      if (messages.length < count) throw new Error(`only ${messages.length} of ${count} messages arrived`);
      return messages;
    },
    { timeout: 20_000, interval: 10 },
  );
}

/** The code in the newest of so many messages. */
export async function receiveCode(
  fixture: Pick<IdentityFixture, 'sandbox'>,
  address: string,
  count = 1,
): Promise<string> {
  const [newest] = await receiveMessages(fixture, address, count);
  return /\b\d{6}\b/.exec(newest.text)?.[0] ?? '';
}
