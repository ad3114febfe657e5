-- CreateTable
CREATE TABLE "social_grant" (
    "linked_account_id" UUID NOT NULL,
    "sealed_token" TEXT NOT NULL,

    CONSTRAINT "social_grant_pkey" PRIMARY KEY ("linked_account_id")
);

-- AddForeignKey
ALTER TABLE "social_grant" ADD CONSTRAINT "social_grant_linked_account_id_fkey" FOREIGN KEY ("linked_account_id") REFERENCES "linked_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
