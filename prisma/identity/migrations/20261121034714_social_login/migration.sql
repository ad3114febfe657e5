-- CreateEnum
CREATE TYPE "SocialProvider" AS ENUM ('GOOGLE', 'FACEBOOK', 'APPLE');

-- CreateEnum
CREATE TYPE "SocialIntent" AS ENUM ('LOGIN', 'LINK');

-- CreateTable
CREATE TABLE "social_login" (
    "id" UUID NOT NULL,
    "state_hash" TEXT NOT NULL,
    "provider" "SocialProvider" NOT NULL,
    "intent" "SocialIntent" NOT NULL,
    "client_app" "ClientApp" NOT NULL,
    "role" "Role",
    "redirect_uri" TEXT NOT NULL,
    "code_challenge" TEXT,
    "sealed_secrets" TEXT NOT NULL,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),

    CONSTRAINT "social_login_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "linked_account" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "provider" "SocialProvider" NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "email" TEXT,
    "is_private_email" BOOLEAN NOT NULL DEFAULT false,
    "display_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "linked_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "descope_session" (
    "id" UUID NOT NULL,
    "proof_id" UUID NOT NULL,
    "session_id" UUID,
    "sealed_refresh_token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "descope_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "social_login_state_hash_key" ON "social_login"("state_hash");

-- CreateIndex
CREATE INDEX "social_login_expires_at_idx" ON "social_login"("expires_at");

-- CreateIndex
CREATE INDEX "linked_account_user_id_idx" ON "linked_account"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "linked_account_provider_issuer_subject_key" ON "linked_account"("provider", "issuer", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "descope_session_proof_id_key" ON "descope_session"("proof_id");

-- CreateIndex
CREATE UNIQUE INDEX "descope_session_session_id_key" ON "descope_session"("session_id");

-- CreateIndex
CREATE INDEX "descope_session_created_at_idx" ON "descope_session"("created_at");

-- AddForeignKey
ALTER TABLE "linked_account" ADD CONSTRAINT "linked_account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "descope_session" ADD CONSTRAINT "descope_session_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE ON UPDATE CASCADE;
