-- AlterTable
ALTER TABLE "webhook_delivery" ALTER COLUMN "body" DROP NOT NULL;

-- Bodies leave it when they are removed, so that looking for old ones stays short.
CREATE INDEX "webhook_delivery_body_kept" ON "webhook_delivery"("received_at") WHERE "body" IS NOT NULL;
