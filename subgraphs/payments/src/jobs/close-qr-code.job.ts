import { addJob, type JobHandler } from '@suvidha/jobs';
import type { Log } from '@suvidha/log';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { Gateways } from '../gateway/gateways.ts';
import { isQrCodeOver } from '../payment/payment-status.rules.ts';
import { VendorError } from '../providers/payment-gateway.ts';

/** Closes a QR code at the vendor, so that nobody pays what is not to be paid any more. Money that was faster is taken. */
export const closeQrCodeTask = 'close-qr-code';

const payload = z.object({ paymentId: z.uuid() });

/** The code is closed if and only if the transaction commits. */
export async function planQrCodeClosing(tx: Db, paymentId: string): Promise<void> {
  await addJob(tx, closeQrCodeTask, { paymentId }, { key: `${closeQrCodeTask}:${paymentId}` });
}

export interface CloseQrCodeParts {
  readonly db: Db;
  readonly gateways: Gateways;
  readonly log: Log;
}

export function createCloseQrCodeHandler({ db, gateways, log }: CloseQrCodeParts): JobHandler {
  return async (raw) => {
    const { paymentId } = payload.parse(raw);
    const payment = await db.payment.findUniqueOrThrow({ where: { id: paymentId } });
    const { vendorOrderId } = payment;
    if (vendorOrderId === null || !isQrCodeOver(payment)) return;
    try {
      await gateways.get(payment.gateway).closeQrCode(vendorOrderId);
    } catch (error) {
      // Asked again it would say the same; the code closes by itself when its time is over.
      if (!(error instanceof VendorError) || error.outcome !== 'REFUSED') throw error;
      log.warn({ paymentId, error }, 'the vendor does not close a QR code');
    }
  };
}
