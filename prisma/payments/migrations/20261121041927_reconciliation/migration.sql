-- CreateEnum
CREATE TYPE "ReconciliationScope" AS ENUM ('YOUNG', 'ALL');

-- CreateEnum
CREATE TYPE "ReconciliationStatus" AS ENUM ('RUNNING', 'DONE');

-- CreateEnum
CREATE TYPE "ReconciliationBucket" AS ENUM ('MATCHED', 'MISSING_HERE', 'MISSING_THERE', 'AMOUNT_DIFFERS', 'DUPLICATE');

-- CreateTable
CREATE TABLE "reconciliation_report" (
    "id" UUID NOT NULL,
    "scope" "ReconciliationScope" NOT NULL,
    "status" "ReconciliationStatus" NOT NULL DEFAULT 'RUNNING',
    "from" TIMESTAMPTZ(3) NOT NULL,
    "to" TIMESTAMPTZ(3) NOT NULL,
    "requested_by" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "checked" INTEGER NOT NULL DEFAULT 0,
    "after_id" UUID,
    "matched" INTEGER NOT NULL DEFAULT 0,
    "missing_here" INTEGER NOT NULL DEFAULT 0,
    "missing_there" INTEGER NOT NULL DEFAULT 0,
    "amount_differs" INTEGER NOT NULL DEFAULT 0,
    "duplicate" INTEGER NOT NULL DEFAULT 0,
    "is_ledger_even" BOOLEAN,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "reconciliation_report_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reconciliation_finding" (
    "id" UUID NOT NULL,
    "report_id" UUID NOT NULL,
    "bucket" "ReconciliationBucket" NOT NULL,
    "gateway" "PaymentGateway" NOT NULL,
    "payment_id" UUID,
    "vendor_payment_id" TEXT,
    "expected_minor" BIGINT,
    "found_minor" BIGINT,
    "currency" CHAR(3) NOT NULL,
    "is_repaired" BOOLEAN NOT NULL,

    CONSTRAINT "reconciliation_finding_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reconciliation_finding_report_id_id_idx" ON "reconciliation_finding"("report_id", "id");

-- AddForeignKey
ALTER TABLE "reconciliation_finding" ADD CONSTRAINT "reconciliation_finding_report_id_fkey" FOREIGN KEY ("report_id") REFERENCES "reconciliation_report"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
