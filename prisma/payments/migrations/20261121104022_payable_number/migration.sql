-- AlterTable
ALTER TABLE "payment" ADD COLUMN     "payable_number" TEXT;

-- AlterTable
ALTER TABLE "receipt" ADD COLUMN     "payable_number" TEXT;
