import { addJob, type JobHandler } from '@suvidha/jobs';
import { z } from 'zod';
import type { Db } from '../db.ts';
import type { ReceiptService, ReceiptSubject } from '../receipt/receipt.service.ts';

export const issueReceiptTask = 'issue-receipt';

const payload = z.union([z.object({ refundId: z.uuid() }), z.object({ paymentId: z.uuid() })]);

/** Under load, receipts wait for whatever somebody watches. */
const priority = 10;

/** A job of its own: numbers without gaps make receipts take turns, and payments must not wait for one another. */
export async function planReceipt(tx: Db, subject: ReceiptSubject): Promise<void> {
  await addJob(tx, issueReceiptTask, subject, { priority });
}

export function createIssueReceiptHandler(receipts: ReceiptService): JobHandler {
  return async (raw) => receipts.issue(payload.parse(raw));
}
