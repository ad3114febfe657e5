-- CreateEnum
CREATE TYPE "RefundCause" AS ENUM ('REJECTED', 'SUPERSEDED', 'OWNER', 'STAFF');

-- CreateEnum
CREATE TYPE "LedgerAccount" AS ENUM ('CUSTOMER', 'VENDOR_CLEARING', 'FEES', 'MERCHANT', 'CREDIT', 'REFUNDS');

-- AlterEnum
ALTER TYPE "PaymentGateway" ADD VALUE 'PAYTM';

-- DropForeignKey
ALTER TABLE "idempotency_key" DROP CONSTRAINT "idempotency_key_payment_id_fkey";

-- DropIndex
DROP INDEX "refund_payment_id_reason_key";

-- AlterTable
-- Keys that were used so far all started payments.
ALTER TABLE "idempotency_key" ADD COLUMN "operation" TEXT NOT NULL DEFAULT 'initiatePayment',
ADD COLUMN     "refusal" JSONB,
ADD COLUMN     "resource_id" UUID;
UPDATE "idempotency_key" SET "resource_id" = "payment_id";
ALTER TABLE "idempotency_key" DROP CONSTRAINT "idempotency_key_pkey",
DROP COLUMN "payment_id",
ALTER COLUMN "operation" DROP DEFAULT,
ADD CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope", "operation", "key");

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "captured_at" TIMESTAMPTZ(3),
ADD COLUMN     "failure_code" TEXT,
ADD COLUMN     "fee_minor" BIGINT,
ADD COLUMN     "gateways_tried" "PaymentGateway"[],
ADD COLUMN     "is_auto" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "order_claimed_by" TEXT,
ADD COLUMN     "order_claimed_until" TIMESTAMPTZ(3),
ADD COLUMN     "quarantine_reason" TEXT,
ADD COLUMN     "refund_reserved_minor" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "refunded_minor" BIGINT NOT NULL DEFAULT 0,
ADD CONSTRAINT "payment_refunds_never_exceed_capture"
  CHECK (0 <= "refunded_minor" AND "refunded_minor" <= "refund_reserved_minor" AND "refund_reserved_minor" <= "amount_minor");

-- Refunds so far were of whole payments, for what their owner could not use.
UPDATE "payment" p SET "refund_reserved_minor" = r.amount_minor,
       "refunded_minor" = CASE WHEN r.status = 'PROCESSED' THEN r.amount_minor ELSE 0 END
  FROM "refund" r WHERE r.payment_id = p.id;

-- AlterTable
ALTER TABLE "refund" ADD COLUMN     "currency" CHAR(3),
ADD COLUMN     "cause" "RefundCause",
ADD COLUMN     "failure_code" TEXT,
ADD COLUMN     "key" TEXT,
ADD COLUMN     "processed_at" TIMESTAMPTZ(3),
ADD COLUMN     "requested_by" TEXT;
UPDATE "refund" r SET "currency" = p.currency, "cause" = 'REJECTED', "key" = 'rejected', "requested_by" = 'payable.rejected'
  FROM "payment" p WHERE p.id = r.payment_id;
ALTER TABLE "refund" ALTER COLUMN "currency" SET NOT NULL,
ALTER COLUMN "cause" SET NOT NULL,
ALTER COLUMN "key" SET NOT NULL,
ALTER COLUMN "requested_by" SET NOT NULL,
ADD CONSTRAINT "refund_is_positive" CHECK ("amount_minor" > 0);

-- AlterTable
ALTER TABLE "webhook_delivery" ADD COLUMN     "last_error" TEXT,
ADD COLUMN     "payment_id" UUID;

-- CreateTable
CREATE TABLE "ledger_entry" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "payment_id" UUID NOT NULL,
    "refund_id" UUID,
    "reverses_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_posting" (
    "id" BIGSERIAL NOT NULL,
    "entry_id" UUID NOT NULL,
    "account" "LedgerAccount" NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount_minor" BIGINT NOT NULL,

    CONSTRAINT "ledger_posting_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ledger_balance" (
    "account" "LedgerAccount" NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "shard" SMALLINT NOT NULL,
    "balance_minor" BIGINT NOT NULL,

    CONSTRAINT "ledger_balance_pkey" PRIMARY KEY ("account","currency","shard")
);

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_key_key" ON "ledger_entry"("key");

-- CreateIndex
CREATE UNIQUE INDEX "ledger_entry_reverses_id_key" ON "ledger_entry"("reverses_id");

-- CreateIndex
CREATE INDEX "ledger_entry_payment_id_idx" ON "ledger_entry"("payment_id");

-- CreateIndex
CREATE INDEX "ledger_posting_entry_id_idx" ON "ledger_posting"("entry_id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE INDEX "payment_status_created_at_idx" ON "payment"("status", "created_at");

-- CreateIndex
CREATE INDEX "payment_created_at_idx" ON "payment"("created_at");

-- CreateIndex
CREATE INDEX "refund_status_created_at_idx" ON "refund"("status", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "refund_payment_id_key_key" ON "refund"("payment_id", "key");

-- CreateIndex
CREATE INDEX "webhook_delivery_payment_id_idx" ON "webhook_delivery"("payment_id");

-- AddForeignKey
ALTER TABLE "ledger_entry" ADD CONSTRAINT "ledger_entry_reverses_id_fkey" FOREIGN KEY ("reverses_id") REFERENCES "ledger_entry"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_entry_id_fkey" FOREIGN KEY ("entry_id") REFERENCES "ledger_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A posting moves something.
ALTER TABLE "ledger_posting" ADD CONSTRAINT "ledger_posting_is_not_zero" CHECK ("amount_minor" <> 0);

-- The books are only ever added to: a mistake is taken back by a further entry.
CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON "ledger_posting"
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- At commit an entry has postings, and they sum to zero in each currency.
CREATE FUNCTION ledger_assert_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id)
     OR EXISTS (SELECT 1 FROM ledger_posting WHERE entry_id = NEW.id
                 GROUP BY currency HAVING sum(amount_minor) <> 0) THEN
    RAISE EXCEPTION 'a ledger entry must balance to zero per currency' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON "ledger_entry"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_assert_balanced();

-- Postings come with their entry, in its transaction: nothing is added to an entry later.
CREATE FUNCTION ledger_count_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added JOIN ledger_entry e ON e.id = added.entry_id
              WHERE e.xmin <> pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'a ledger entry is closed' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Balances are sharded by payment, and locked in the order of their key, so that two transactions cannot wait for each other.
  INSERT INTO ledger_balance AS b (account, currency, shard, balance_minor)
  SELECT added.account, added.currency, abs(hashtext(e.payment_id::text) % 16), sum(added.amount_minor)
    FROM added JOIN ledger_entry e ON e.id = added.entry_id
   GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (account, currency, shard) DO UPDATE SET balance_minor = b.balance_minor + excluded.balance_minor;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_posting_counts AFTER INSERT ON "ledger_posting" REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_count_postings();
