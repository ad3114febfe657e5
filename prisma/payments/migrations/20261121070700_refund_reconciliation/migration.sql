-- AlterEnum
ALTER TYPE "ReconciliationBucket" ADD VALUE 'STATUS_DIFFERS';

-- AlterTable
ALTER TABLE "reconciliation_finding" ADD COLUMN     "refund_id" UUID,
ADD COLUMN     "vendor_refund_id" TEXT;

-- AlterTable
ALTER TABLE "reconciliation_report" ADD COLUMN     "after_refund_id" UUID,
ADD COLUMN     "status_differs" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "refund_created_at_idx" ON "refund"("created_at");
