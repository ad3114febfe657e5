-- CreateTable
CREATE TABLE "receipt" (
    "id" UUID NOT NULL,
    "number" TEXT NOT NULL,
    "payment_id" UUID NOT NULL,
    "refund_id" UUID,
    "payable_type" "PayableType" NOT NULL,
    "payable_id" UUID NOT NULL,
    "gateway" "PaymentGateway" NOT NULL,
    "vendor_reference" TEXT,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "moved_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "receipt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "receipt_counter" (
    "series" TEXT NOT NULL,
    "last" INTEGER NOT NULL,

    CONSTRAINT "receipt_counter_pkey" PRIMARY KEY ("series")
);

-- CreateIndex
CREATE UNIQUE INDEX "receipt_number_key" ON "receipt"("number");

-- CreateIndex
CREATE UNIQUE INDEX "receipt_refund_id_key" ON "receipt"("refund_id");

-- CreateIndex
CREATE INDEX "receipt_payment_id_idx" ON "receipt"("payment_id");

-- One receipt per payment, beside those of its refunds.
CREATE UNIQUE INDEX "receipt_of_payment" ON "receipt"("payment_id") WHERE "refund_id" IS NULL;

-- A receipt is never changed or taken back.
CREATE FUNCTION receipt_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = $m$receipts are immutable$m$, ERRCODE = $m$restrict_violation$m$;
END $$;
CREATE TRIGGER receipt_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON "receipt"
  FOR EACH STATEMENT EXECUTE FUNCTION receipt_refuse_change();
