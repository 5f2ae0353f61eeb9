-- CreateEnum
CREATE TYPE "cluster_node_role" AS ENUM ('server', 'agent');

-- CreateEnum
CREATE TYPE "request_state" AS ENUM ('asked', 'done', 'failed', 'expired');

-- AlterTable
ALTER TABLE "sites" ADD COLUMN     "region" TEXT;

-- AlterTable
ALTER TABLE "address_leases" ADD COLUMN     "device_id" UUID;

-- CreateTable
CREATE TABLE "clusters" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "datastore" BYTEA,
    "server_token" BYTEA,
    "ca_pem" TEXT,
    "rollout" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clusters_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "cluster_nodes" (
    "node_id" UUID NOT NULL,
    "cluster_id" UUID NOT NULL,
    "role" "cluster_node_role" NOT NULL,
    "kubernetes_name" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "taints" JSONB NOT NULL DEFAULT '[]',
    "first" BOOLEAN NOT NULL DEFAULT false,
    "join_token" BYTEA,
    "join_token_until" TIMESTAMPTZ(3),
    "pod_cidr4" TEXT,
    "pod_cidr6" TEXT,
    "said" JSONB,
    "said_at" TIMESTAMPTZ(3),
    "seen" JSONB,
    "seen_at" TIMESTAMPTZ(3),
    "seen_by" UUID,
    "removal" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "cluster_nodes_pkey" PRIMARY KEY ("node_id")
);

-- CreateTable
CREATE TABLE "node_requests" (
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "args" TEXT[],
    "for_node_id" UUID,
    "timeout_seconds" INTEGER NOT NULL,
    "state" "request_state" NOT NULL DEFAULT 'asked',
    "code" TEXT,
    "evidence" TEXT,
    "input" TEXT,
    "secret" BYTEA,
    "asked_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "answered_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_requests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "devices" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "public_key" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "seen" JSONB,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "devices_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "clusters_network_id_key" ON "clusters"("network_id");

-- CreateIndex
CREATE UNIQUE INDEX "cluster_nodes_cluster_id_kubernetes_name_key" ON "cluster_nodes"("cluster_id", "kubernetes_name");

-- CreateIndex
CREATE INDEX "node_requests_node_id_state_idx" ON "node_requests"("node_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "devices_network_id_public_key_key" ON "devices"("network_id", "public_key");

-- CreateIndex
CREATE UNIQUE INDEX "devices_network_id_ordinal_key" ON "devices"("network_id", "ordinal");

-- AddForeignKey
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_nodes" ADD CONSTRAINT "cluster_nodes_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "cluster_nodes" ADD CONSTRAINT "cluster_nodes_cluster_id_fkey" FOREIGN KEY ("cluster_id") REFERENCES "clusters"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_requests" ADD CONSTRAINT "node_requests_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "devices" ADD CONSTRAINT "devices_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "devices" ADD CONSTRAINT "devices_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Beyond Prisma.
ALTER TABLE "clusters" ADD CONSTRAINT "clusters_name_is_a_dns_label" CHECK ("name" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$');
ALTER TABLE "cluster_nodes"
  ADD CONSTRAINT "cluster_nodes_kubernetes_name" CHECK ("kubernetes_name" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT "cluster_nodes_first_is_a_server" CHECK (NOT "first" OR "role" = 'server');
-- A cluster is made once.
CREATE UNIQUE INDEX "cluster_nodes_one_first" ON "cluster_nodes" ("cluster_id") WHERE "first";
ALTER TABLE "node_requests"
  ADD CONSTRAINT "node_requests_kind" CHECK ("kind" ~ '^[a-z0-9-]{1,40}$'),
  ADD CONSTRAINT "node_requests_timeout" CHECK ("timeout_seconds" BETWEEN 1 AND 3600);
ALTER TABLE "devices"
  ADD CONSTRAINT "devices_name" CHECK ("name" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT "devices_ordinal" CHECK ("ordinal" >= 1),
  ADD CONSTRAINT "devices_public_key" CHECK ("public_key" ~ '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$');
-- A place has a node, a device, or nobody.
CREATE UNIQUE INDEX "address_leases_one_place_a_device" ON "address_leases" ("device_id") WHERE "device_id" IS NOT NULL;
ALTER TABLE "address_leases" DROP CONSTRAINT "address_leases_rest_without_node";
ALTER TABLE "address_leases" ADD CONSTRAINT "address_leases_one_holder" CHECK (num_nonnulls("node_id", "device_id", "resting_until") <= 1);
