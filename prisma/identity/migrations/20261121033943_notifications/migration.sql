-- CreateEnum
CREATE TYPE "NotificationChannel" AS ENUM ('SMS', 'EMAIL', 'PUSH');

-- CreateEnum
CREATE TYPE "NotificationStatus" AS ENUM ('QUEUED', 'SENDING', 'SENT', 'FAILED', 'DEAD', 'EXPIRED', 'SUPPRESSED');

-- CreateEnum
CREATE TYPE "DevicePlatform" AS ENUM ('ANDROID', 'IOS', 'WEB');

-- CreateTable
CREATE TABLE "notification_delivery" (
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "user_id" UUID,
    "channel" "NotificationChannel" NOT NULL,
    "template" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "masked_destination" TEXT NOT NULL,
    "destination_hash" TEXT NOT NULL,
    "sealed_content" TEXT,
    "status" "NotificationStatus" NOT NULL DEFAULT 'QUEUED',
    "reason" TEXT,
    "vendor" TEXT,
    "vendor_message_id" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "unknown_outcomes" INTEGER NOT NULL DEFAULT 0,
    "attempted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "queued_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "notification_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notification_budget" (
    "key" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "used" INTEGER NOT NULL,

    CONSTRAINT "notification_budget_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "notification_preference" (
    "user_id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "order_channels" "NotificationChannel"[],
    "payment_channels" "NotificationChannel"[],
    "quiet_start_minute" INTEGER,
    "quiet_end_minute" INTEGER,
    "time_zone" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notification_preference_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "device" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "platform" "DevicePlatform" NOT NULL,
    "push_token" TEXT NOT NULL,
    "registered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "device_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "notification_delivery_destination_hash_id_idx" ON "notification_delivery"("destination_hash", "id");

-- CreateIndex
CREATE INDEX "notification_delivery_user_id_id_idx" ON "notification_delivery"("user_id", "id");

-- CreateIndex
CREATE INDEX "notification_delivery_status_id_idx" ON "notification_delivery"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "notification_delivery_cause_template_channel_destination_ha_key" ON "notification_delivery"("cause", "template", "channel", "destination_hash");

-- CreateIndex
CREATE UNIQUE INDEX "notification_delivery_vendor_vendor_message_id_key" ON "notification_delivery"("vendor", "vendor_message_id");

-- CreateIndex
CREATE UNIQUE INDEX "device_push_token_key" ON "device"("push_token");

-- CreateIndex
CREATE INDEX "device_user_id_idx" ON "device"("user_id");

-- AddForeignKey
ALTER TABLE "notification_preference" ADD CONSTRAINT "notification_preference_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "device" ADD CONSTRAINT "device_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
