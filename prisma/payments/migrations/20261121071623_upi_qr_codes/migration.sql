-- CreateEnum
CREATE TYPE "CheckoutMethod" AS ENUM ('HOSTED_PAGE', 'UPI_QR');

-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "checkout" "CheckoutMethod" NOT NULL DEFAULT 'HOSTED_PAGE',
ADD COLUMN     "counter_id" TEXT,
ADD COLUMN     "qr_image_url" TEXT,
ADD COLUMN     "qr_upi_uri" TEXT,
ALTER COLUMN "return_url" DROP NOT NULL;

-- A page has somewhere to go back to, a QR code has a counter that shows it. Rows that are there are pages; looking at
-- each of them again would stop payments meanwhile.
ALTER TABLE "payment" ADD CONSTRAINT "payment_checkout" CHECK (
  ("checkout" = 'HOSTED_PAGE') = ("return_url" IS NOT NULL) AND ("checkout" = 'UPI_QR') = ("counter_id" IS NOT NULL)
) NOT VALID;
