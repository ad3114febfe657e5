import type { JobHandler } from '@suvidha/jobs';
import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';
import type { MessageSenders } from '../providers/message-sender.ts';

export const sendOtpTask = 'send-otp';

const payload = z.object({ channel: z.enum(['SMS', 'EMAIL']), address: z.string(), sealedCode: z.string() });

/** Brings a code to its destination. A vendor that is down delays it: the job tries again. */
export function createSendOtpHandler(senders: MessageSenders, sealer: Sealer): JobHandler {
  return async (raw) => {
    const { channel, address, sealedCode } = payload.parse(raw);
    const code = sealer.unseal('otp', sealedCode);
    await senders[channel].send({
      to: address,
      subject: 'Your Suvidha code',
      text: `${code} is your Suvidha code. It is valid for 10 minutes. Share it with nobody.`,
    });
  };
}
