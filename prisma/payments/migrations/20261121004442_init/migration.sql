-- CreateEnum
CREATE TYPE "PayableType" AS ENUM ('BILL', 'ORDER', 'SERVICE_PURCHASE');

-- CreateEnum
CREATE TYPE "PaymentGateway" AS ENUM ('RAZORPAY');

-- CreateEnum
CREATE TYPE "PaymentStatus" AS ENUM ('CREATED', 'PENDING', 'UNKNOWN', 'AUTHORIZED', 'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'FAILED', 'EXPIRED', 'CANCELLED', 'QUARANTINED');

-- CreateEnum
CREATE TYPE "SettlementStatus" AS ENUM ('PENDING', 'SETTLED', 'REJECTED');

-- CreateEnum
CREATE TYPE "RefundStatus" AS ENUM ('CREATED', 'PENDING', 'PROCESSED', 'FAILED', 'UNKNOWN');

-- CreateTable
CREATE TABLE "payment" (
    "id" UUID NOT NULL,
    "payable_type" "PayableType" NOT NULL,
    "payable_id" UUID NOT NULL,
    "installment_id" TEXT NOT NULL,
    "payer" TEXT NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "gateway" "PaymentGateway" NOT NULL,
    "status" "PaymentStatus" NOT NULL DEFAULT 'CREATED',
    "settlement" "SettlementStatus" NOT NULL DEFAULT 'PENDING',
    "return_url" TEXT NOT NULL,
    "vendor_order_id" TEXT,
    "vendor_payment_id" TEXT,
    "checkout_url" TEXT,
    "superseded_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "scope" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "payment_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("scope","key")
);

-- CreateTable
CREATE TABLE "refund" (
    "id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "status" "RefundStatus" NOT NULL DEFAULT 'CREATED',
    "reason" TEXT NOT NULL,
    "vendor_refund_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "refund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" UUID NOT NULL,
    "gateway" "PaymentGateway" NOT NULL,
    "event_id" TEXT NOT NULL,
    "body" BYTEA NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "event_log" (
    "id" UUID NOT NULL,
    "aggregate_type" TEXT NOT NULL,
    "aggregate_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "schema_version" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_log_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consumed_event" (
    "event_id" UUID NOT NULL,
    "consumed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consumed_event_pkey" PRIMARY KEY ("event_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "payment_vendor_order_id_key" ON "payment"("vendor_order_id");

-- CreateIndex
CREATE UNIQUE INDEX "payment_vendor_payment_id_key" ON "payment"("vendor_payment_id");

-- CreateIndex
CREATE INDEX "payment_payer_id_idx" ON "payment"("payer", "id");

-- CreateIndex
CREATE INDEX "payment_payable_type_payable_id_id_idx" ON "payment"("payable_type", "payable_id", "id");

-- CreateIndex
CREATE INDEX "payment_installment_id_idx" ON "payment"("installment_id");

-- CreateIndex
CREATE UNIQUE INDEX "refund_vendor_refund_id_key" ON "refund"("vendor_refund_id");

-- CreateIndex
CREATE UNIQUE INDEX "refund_payment_id_reason_key" ON "refund"("payment_id", "reason");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_delivery_gateway_event_id_key" ON "webhook_delivery"("gateway", "event_id");

-- CreateIndex
CREATE UNIQUE INDEX "event_log_aggregate_type_aggregate_id_version_key" ON "event_log"("aggregate_type", "aggregate_id", "version");

-- AddForeignKey
ALTER TABLE "idempotency_key" ADD CONSTRAINT "idempotency_key_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "refund" ADD CONSTRAINT "refund_payment_id_fkey" FOREIGN KEY ("payment_id") REFERENCES "payment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
