-- CreateEnum
CREATE TYPE "Utility" AS ENUM ('ELECTRICITY', 'GAS', 'WATER');

-- CreateEnum
CREATE TYPE "BillStatus" AS ENUM ('DUE', 'PAID');

-- CreateTable
CREATE TABLE "connection" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "utility" "Utility" NOT NULL,
    "consumer_number" TEXT NOT NULL,
    "supplier_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bill" (
    "id" UUID NOT NULL,
    "bill_number" TEXT NOT NULL,
    "connection_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "status" "BillStatus" NOT NULL DEFAULT 'DUE',
    "amount_minor" BIGINT NOT NULL,
    "paid_amount_minor" BIGINT NOT NULL DEFAULT 0,
    "currency" CHAR(3) NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "period_end" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "issued_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "bill_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allocation" (
    "id" UUID NOT NULL,
    "bill_id" UUID NOT NULL,
    "payment_id" UUID NOT NULL,
    "amount_minor" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "allocation_pkey" PRIMARY KEY ("id")
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
CREATE INDEX "connection_user_id_id_idx" ON "connection"("user_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "connection_utility_consumer_number_key" ON "connection"("utility", "consumer_number");

-- CreateIndex
CREATE UNIQUE INDEX "bill_bill_number_key" ON "bill"("bill_number");

-- CreateIndex
CREATE INDEX "bill_user_id_id_idx" ON "bill"("user_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "bill_connection_id_period_start_key" ON "bill"("connection_id", "period_start");

-- CreateIndex
CREATE UNIQUE INDEX "allocation_payment_id_key" ON "allocation"("payment_id");

-- CreateIndex
CREATE INDEX "allocation_bill_id_idx" ON "allocation"("bill_id");

-- CreateIndex
CREATE UNIQUE INDEX "event_log_aggregate_type_aggregate_id_version_key" ON "event_log"("aggregate_type", "aggregate_id", "version");

-- AddForeignKey
ALTER TABLE "bill" ADD CONSTRAINT "bill_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allocation" ADD CONSTRAINT "allocation_bill_id_fkey" FOREIGN KEY ("bill_id") REFERENCES "bill"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
