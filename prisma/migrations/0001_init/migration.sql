-- The first part is what Prisma makes of schema.prisma; the second is what Prisma cannot say. A test holds both against the
-- schema. A migration that has been released is never changed: its checksum is kept in every database.

-- CreateEnum
CREATE TYPE "role" AS ENUM ('owner', 'admin', 'operator', 'viewer');

-- CreateEnum
CREATE TYPE "node_role" AS ENUM ('gateway', 'member');

-- CreateEnum
CREATE TYPE "node_state" AS ENUM ('invited', 'enrolled', 'active', 'paused', 'quarantined');

-- CreateEnum
CREATE TYPE "token_kind" AS ENUM ('invitation', 'join_key');

-- CreateTable
CREATE TABLE "setup" (
    "done" BOOLEAN NOT NULL DEFAULT true,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "setup_pkey" PRIMARY KEY ("done")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organizations" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organizations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("user_id","organization_id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" "role" NOT NULL,
    "hash" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "networks" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "cidr4" TEXT NOT NULL,
    "cidr6" TEXT NOT NULL,
    "interface_name" TEXT NOT NULL DEFAULT 'span0',
    "listen_port" INTEGER NOT NULL DEFAULT 51820,
    "mtu" INTEGER NOT NULL DEFAULT 1420,
    "keepalive_seconds" INTEGER NOT NULL DEFAULT 25,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "revision" BIGINT NOT NULL DEFAULT 1,
    "restored_at" TIMESTAMPTZ(3),
    "simulated" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "networks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sites" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "nodes" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "site_id" UUID,
    "name" TEXT NOT NULL,
    "role" "node_role" NOT NULL,
    "state" "node_state" NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "endpoint" TEXT,
    "ordinal" INTEGER,
    "public_key" TEXT,
    "credential_hash" BYTEA,
    "tombstone_proof" BYTEA,
    "machine" TEXT,
    "changed_revision" BIGINT NOT NULL DEFAULT 0,
    "quarantine_reason" TEXT,
    "held_off" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "enrolled_at" TIMESTAMPTZ(3),

    CONSTRAINT "nodes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "address_leases" (
    "network_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "node_id" UUID,
    "resting_until" TIMESTAMPTZ(3),

    CONSTRAINT "address_leases_pkey" PRIMARY KEY ("network_id","ordinal")
);

-- CreateTable
CREATE TABLE "join_tokens" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "kind" "token_kind" NOT NULL,
    "node_id" UUID,
    "name" TEXT,
    "site_id" UUID,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "hash" BYTEA NOT NULL,
    "max_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "join_tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_steps" (
    "node_id" UUID NOT NULL,
    "step" TEXT NOT NULL,
    "said" TEXT,
    "said_at" TIMESTAMPTZ(3),
    "code" TEXT,
    "evidence" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "confirmed_evidence" TEXT,

    CONSTRAINT "join_steps_pkey" PRIMARY KEY ("node_id","step")
);

-- CreateTable
CREATE TABLE "node_status" (
    "node_id" UUID NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "instance" TEXT NOT NULL,
    "applied_epoch" INTEGER NOT NULL,
    "applied_revision" BIGINT NOT NULL,
    "applied_view" TEXT NOT NULL,
    "behind_since" TIMESTAMPTZ(3),
    "script_version" TEXT NOT NULL,
    "uptime_seconds" DOUBLE PRECISION NOT NULL,
    "clock_skew_ms" DOUBLE PRECISION NOT NULL,
    "load1" DOUBLE PRECISION,
    "cpu" DOUBLE PRECISION,
    "memory_total_kb" BIGINT,
    "memory_free_kb" BIGINT,
    "disk_total_kb" BIGINT,
    "disk_free_kb" BIGINT,
    "rx_rate" DOUBLE PRECISION,
    "tx_rate" DOUBLE PRECISION,
    "counters" JSONB NOT NULL DEFAULT '{}',
    "facts" JSONB NOT NULL DEFAULT '{}',
    "notes" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "node_status_pkey" PRIMARY KEY ("node_id")
);

-- CreateTable
CREATE TABLE "links" (
    "node_id" UUID NOT NULL,
    "peer_id" UUID NOT NULL,
    "interface_name" TEXT NOT NULL,
    "reported_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "since_at" TIMESTAMPTZ(3),
    "heard_at" TIMESTAMPTZ(3),
    "handshake_at" TIMESTAMPTZ(3),
    "endpoint" TEXT,
    "rtt_ms" DOUBLE PRECISION,
    "sent" INTEGER NOT NULL DEFAULT 0,
    "lost" INTEGER NOT NULL DEFAULT 0,
    "rx_bytes" BIGINT NOT NULL DEFAULT 0,
    "tx_bytes" BIGINT NOT NULL DEFAULT 0,
    "rx_rate" DOUBLE PRECISION,
    "tx_rate" DOUBLE PRECISION,

    CONSTRAINT "links_pkey" PRIMARY KEY ("node_id","peer_id","interface_name")
);

-- CreateTable
CREATE TABLE "tombstones" (
    "node_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "credential_hash" BYTEA,
    "tombstone_proof" BYTEA,
    "public_key" TEXT,
    "removed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "told_at" TIMESTAMPTZ(3),

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("node_id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "network_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_kind" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT,
    "subject_name" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "address" TEXT,

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "networks_organization_id_name_key" ON "networks"("organization_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "sites_network_id_name_key" ON "sites"("network_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_credential_hash_key" ON "nodes"("credential_hash");

-- CreateIndex
CREATE INDEX "nodes_network_id_changed_revision_idx" ON "nodes"("network_id", "changed_revision");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_network_id_name_key" ON "nodes"("network_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_network_id_public_key_key" ON "nodes"("network_id", "public_key");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_network_id_ordinal_key" ON "nodes"("network_id", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "join_tokens_hash_key" ON "join_tokens"("hash");

-- CreateIndex
CREATE INDEX "join_tokens_network_id_idx" ON "join_tokens"("network_id");

-- CreateIndex
CREATE INDEX "links_peer_id_idx" ON "links"("peer_id");

-- CreateIndex
CREATE UNIQUE INDEX "tombstones_credential_hash_key" ON "tombstones"("credential_hash");

-- CreateIndex
CREATE INDEX "tombstones_network_id_idx" ON "tombstones"("network_id");

-- CreateIndex
CREATE INDEX "events_organization_id_at_idx" ON "events"("organization_id", "at" DESC);

-- CreateIndex
CREATE INDEX "events_network_id_at_idx" ON "events"("network_id", "at" DESC);

-- CreateIndex
CREATE INDEX "events_subject_id_at_idx" ON "events"("subject_id", "at" DESC);

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "networks" ADD CONSTRAINT "networks_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sites" ADD CONSTRAINT "sites_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "nodes" ADD CONSTRAINT "nodes_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "nodes" ADD CONSTRAINT "nodes_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "address_leases" ADD CONSTRAINT "address_leases_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_tokens" ADD CONSTRAINT "join_tokens_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_tokens" ADD CONSTRAINT "join_tokens_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_tokens" ADD CONSTRAINT "join_tokens_site_id_fkey" FOREIGN KEY ("site_id") REFERENCES "sites"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_steps" ADD CONSTRAINT "join_steps_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_status" ADD CONSTRAINT "node_status_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "links" ADD CONSTRAINT "links_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "links" ADD CONSTRAINT "links_peer_id_fkey" FOREIGN KEY ("peer_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "tombstones" ADD CONSTRAINT "tombstones_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "events" ADD CONSTRAINT "events_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What Prisma cannot say ------------------------------------------------------------------------------------------------

ALTER TABLE "setup" ADD CONSTRAINT "setup_happens_once" CHECK ("done");

ALTER TABLE "users" ADD CONSTRAINT "users_email_is_lower_case" CHECK ("email" = lower("email") AND "email" LIKE '_%@_%');

-- Canonical: the text is what Postgres itself writes for the range.
ALTER TABLE "networks"
  ADD CONSTRAINT "networks_cidr4_is_a_range" CHECK ("cidr4" = ("cidr4"::cidr)::text AND family("cidr4"::cidr) = 4 AND masklen("cidr4"::cidr) BETWEEN 8 AND 29),
  ADD CONSTRAINT "networks_cidr6_is_a_range" CHECK ("cidr6" = ("cidr6"::cidr)::text AND family("cidr6"::cidr) = 6 AND masklen("cidr6"::cidr) = 48),
  ADD CONSTRAINT "networks_interface_name" CHECK ("interface_name" ~ '^[a-z][a-z0-9_-]{0,9}$'),
  ADD CONSTRAINT "networks_listen_port" CHECK ("listen_port" BETWEEN 1 AND 65535),
  ADD CONSTRAINT "networks_mtu" CHECK ("mtu" BETWEEN 576 AND 9000),
  ADD CONSTRAINT "networks_keepalive" CHECK ("keepalive_seconds" BETWEEN 1 AND 65535),
  ADD CONSTRAINT "networks_epoch_and_revision_grow_from_one" CHECK ("epoch" >= 1 AND "revision" >= 1);

ALTER TABLE "nodes"
  ADD CONSTRAINT "nodes_name_is_a_dns_label" CHECK ("name" ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
  ADD CONSTRAINT "nodes_ordinal" CHECK ("ordinal" >= 1),
  ADD CONSTRAINT "nodes_public_key" CHECK ("public_key" ~ '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$'),
  ADD CONSTRAINT "nodes_credential_hash" CHECK (length("credential_hash") = 32),
  ADD CONSTRAINT "nodes_labels" CHECK (jsonb_typeof("labels") = 'object'),
  -- Who is not invited any more has joined: key, credential, place and proof came in one transaction.
  ADD CONSTRAINT "nodes_joined_have_what_joining_gives" CHECK ("state" = 'invited'
    OR ("ordinal" IS NOT NULL AND "public_key" IS NOT NULL AND "credential_hash" IS NOT NULL AND "tombstone_proof" IS NOT NULL));

ALTER TABLE "address_leases" ADD CONSTRAINT "address_leases_ordinal" CHECK ("ordinal" >= 1);
-- A node has one place. A place that rests has nobody.
CREATE UNIQUE INDEX "address_leases_one_place_a_node" ON "address_leases" ("node_id") WHERE "node_id" IS NOT NULL;
ALTER TABLE "address_leases" ADD CONSTRAINT "address_leases_rest_without_node" CHECK ("node_id" IS NULL OR "resting_until" IS NULL);

ALTER TABLE "join_tokens"
  ADD CONSTRAINT "join_tokens_hash" CHECK (length("hash") = 32),
  ADD CONSTRAINT "join_tokens_uses" CHECK ("uses" >= 0 AND "uses" <= "max_uses" AND "max_uses" >= 1),
  ADD CONSTRAINT "join_tokens_kind" CHECK (CASE "kind"
    WHEN 'invitation' THEN "node_id" IS NOT NULL AND "max_uses" = 1
    ELSE "node_id" IS NULL AND "name" IS NOT NULL END);
-- An invitation that was issued again ends the one before it.
CREATE UNIQUE INDEX "join_tokens_one_invitation_a_node" ON "join_tokens" ("node_id") WHERE "node_id" IS NOT NULL AND "revoked_at" IS NULL;

ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_hash" CHECK (length("hash") = 32);

-- Samples, outside of Prisma's schema: one every 15 s a node, partitioned by time so that dropping old ones is dropping a table.
-- Parts are 0..1, rates bytes a second; null where it was not measured. `at` of the rolled-up tables is the beginning of the span.
-- Partitions are made ahead by a job (packages/control/src/samples); the default ones take what comes before its first run.
CREATE TABLE "samples" (
    "node_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "cpu" REAL,
    "memory" REAL,
    "disk" REAL,
    "load1" REAL,
    "rx" REAL,
    "tx" REAL,

    CONSTRAINT "samples_pkey" PRIMARY KEY ("node_id", "at")
) PARTITION BY RANGE ("at");
CREATE TABLE "samples_default" PARTITION OF "samples" DEFAULT;

CREATE TABLE "samples_5m" (LIKE "samples", CONSTRAINT "samples_5m_pkey" PRIMARY KEY ("node_id", "at")) PARTITION BY RANGE ("at");
CREATE TABLE "samples_5m_default" PARTITION OF "samples_5m" DEFAULT;

CREATE TABLE "samples_1h" (LIKE "samples", CONSTRAINT "samples_1h_pkey" PRIMARY KEY ("node_id", "at")) PARTITION BY RANGE ("at");
CREATE TABLE "samples_1h_default" PARTITION OF "samples_1h" DEFAULT;
