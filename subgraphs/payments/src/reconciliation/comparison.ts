import type { Payment, ReconciliationBucket, ReconciliationReport } from '../generated/prisma/client.ts';

/** One line of a comparison: something of ours beside the vendor's. What is not there on one side is null. */
export interface Comparison {
  readonly bucket: ReconciliationBucket;
  readonly gateway: Payment['gateway'];
  readonly paymentId: string | null;
  readonly vendorPaymentId: string | null;
  readonly refundId: string | null;
  readonly vendorRefundId: string | null;
  readonly expectedMinor: bigint | null;
  readonly foundMinor: bigint | null;
  readonly currency: string;
  readonly isRepaired: boolean;
}

/** Some lines of a comparison, and the place that it has then come to. */
export interface ComparedPage {
  readonly compared: readonly Comparison[];
  readonly place: { readonly afterId: string } | { readonly afterRefundId: string };
}

/** One kind of thing that is compared. Calls reject with a VendorError when a vendor cannot be asked. */
export interface ComparedKind {
  /**
   * The next ones of a report, brought to what is true where that is safe. Null: there are no more. All are asked about
   * before any is mended: a vendor that cannot be asked then hides nothing that was mended and not reported.
   */
  nextPage(report: ReconciliationReport): Promise<ComparedPage | null>;
  /** What vendors have of the report's period, where they can list it, and we have not. */
  findStrays(report: ReconciliationReport): Promise<Comparison[]>;
}

/** Payments or refunds that are compared before their result is stored. */
export const pageSize = 25;

/** The order of pages: an index leads to the start of the period, however much there was before. */
export const pageOrder: { createdAt?: 'asc'; id?: 'asc' }[] = [{ createdAt: 'asc' }, { id: 'asc' }];

/** What comes in that order after a row. Null: everything. */
export function afterRow(row: { readonly createdAt: Date; readonly id: string } | null) {
  if (!row) return {};
  const { createdAt, id } = row;
  return { createdAt: { gte: createdAt }, OR: [{ createdAt: { gt: createdAt } }, { id: { gt: id } }] };
}
