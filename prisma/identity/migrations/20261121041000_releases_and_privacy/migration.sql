-- CreateEnum
CREATE TYPE "ClientPlatform" AS ENUM ('WEB', 'ANDROID', 'IOS');

-- CreateTable
CREATE TABLE "client_release" (
    "id" UUID NOT NULL,
    "app" "ClientApp" NOT NULL,
    "platform" "ClientPlatform" NOT NULL,
    "minimum_version" TEXT NOT NULL,
    "recommended_version" TEXT NOT NULL,
    "download_url" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "client_release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_export" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_export_part" (
    "export_id" UUID NOT NULL,
    "subgraph" TEXT NOT NULL,
    "piece" INTEGER NOT NULL,
    "pieces" INTEGER NOT NULL,
    "sealed_text" TEXT NOT NULL,

    CONSTRAINT "data_export_part_pkey" PRIMARY KEY ("export_id","subgraph","piece")
);

-- CreateTable
CREATE TABLE "erasure" (
    "id" UUID NOT NULL,
    "user_id" UUID,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erasure_step" (
    "erasure_id" UUID NOT NULL,
    "subgraph" TEXT NOT NULL,
    "completed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erasure_step_pkey" PRIMARY KEY ("erasure_id","subgraph")
);

-- CreateIndex
CREATE UNIQUE INDEX "client_release_app_platform_key" ON "client_release"("app", "platform");

-- CreateIndex
CREATE INDEX "data_export_user_id_id_idx" ON "data_export"("user_id", "id");

-- CreateIndex
CREATE INDEX "data_export_expires_at_idx" ON "data_export"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "erasure_user_id_key" ON "erasure"("user_id");

-- AddForeignKey
ALTER TABLE "data_export_part" ADD CONSTRAINT "data_export_part_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "data_export"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "erasure_step" ADD CONSTRAINT "erasure_step_erasure_id_fkey" FOREIGN KEY ("erasure_id") REFERENCES "erasure"("id") ON DELETE CASCADE ON UPDATE CASCADE;
