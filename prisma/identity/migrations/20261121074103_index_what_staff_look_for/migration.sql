-- Part of PostgreSQL, and trusted: the owner of the database may add it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Addresses and names have one spelling from now on. Who shares theirs with an account that is older keeps it as it is.
UPDATE "user_account" AS account SET "email" = lower("email")
WHERE "email" <> lower("email")
  AND NOT EXISTS (SELECT FROM "user_account" AS other WHERE other."id" < account."id" AND lower(other."email") = lower(account."email"))
  AND NOT EXISTS (SELECT FROM "user_account" AS other WHERE other."email" = lower(account."email"));
UPDATE "user_account" AS account SET "username" = btrim(normalize("username", NFKC))
WHERE "username" <> btrim(normalize("username", NFKC))
  AND NOT EXISTS (SELECT FROM "user_account" AS other WHERE other."id" < account."id"
    AND btrim(normalize(other."username", NFKC)) = btrim(normalize(account."username", NFKC)))
  AND NOT EXISTS (SELECT FROM "user_account" AS other WHERE other."username" = btrim(normalize(account."username", NFKC)));

-- CreateIndex
CREATE INDEX "audit_entry_action_id_idx" ON "audit_entry"("action", "id");

-- CreateIndex
CREATE INDEX "email_link_expires_at_idx" ON "email_link"("expires_at");

-- CreateIndex
CREATE INDEX "otp_challenge_expires_at_idx" ON "otp_challenge"("expires_at");

-- CreateIndex
CREATE INDEX "refresh_token_expires_at_idx" ON "refresh_token"("expires_at");

-- CreateIndex
CREATE INDEX "session_last_used_at_idx" ON "session"("last_used_at");

-- CreateIndex
CREATE INDEX "user_account_username_idx" ON "user_account" USING GIN ("username" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "user_account_email_idx" ON "user_account" USING GIN ("email" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "user_account_phone_number_idx" ON "user_account" USING GIN ("phone_number" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "user_account_roles_idx" ON "user_account" USING GIN ("roles");

-- CreateIndex
CREATE INDEX "user_account_status_id_idx" ON "user_account"("status", "id");

-- CreateIndex
CREATE INDEX "user_account_created_at_idx" ON "user_account"("created_at");
