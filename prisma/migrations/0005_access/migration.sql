-- The policy of a network: its versions, the trial of one, what nodes say of it; tags; invitations of people by link.
-- AlterTable
ALTER TABLE "networks" ADD COLUMN     "policy_number" INTEGER;

-- AlterTable
ALTER TABLE "nodes" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "join_tokens" ADD COLUMN     "tags" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "node_status" ADD COLUMN     "knows_policy" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "member_invitations" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "role" "role" NOT NULL,
    "email" TEXT,
    "hash" BYTEA NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "used_by" TEXT,

    CONSTRAINT "member_invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_versions" (
    "network_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "comment" TEXT,
    "restored_from" INTEGER,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("network_id","number")
);

-- CreateTable
CREATE TABLE "policy_trials" (
    "network_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "needs_confirm" BOOLEAN NOT NULL,
    "watched" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "reason" TEXT,
    "nodes" JSONB,

    CONSTRAINT "policy_trials_pkey" PRIMARY KEY ("network_id")
);

-- CreateTable
CREATE TABLE "policy_reports" (
    "node_id" UUID NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "number" INTEGER,
    "trial_id" UUID,
    "trial_state" TEXT,
    "trial_at" TIMESTAMPTZ(3),
    "trial_why" TEXT,
    "counters" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "policy_reports_pkey" PRIMARY KEY ("node_id")
);

-- CreateTable
CREATE TABLE "policy_hits" (
    "node_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "rule" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "packets" BIGINT NOT NULL,

    CONSTRAINT "policy_hits_pkey" PRIMARY KEY ("node_id","version","rule","at")
);

-- CreateTable
CREATE TABLE "policy_drops" (
    "node_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "source" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "proto" INTEGER NOT NULL,
    "port" INTEGER NOT NULL,
    "packets" BIGINT NOT NULL,

    CONSTRAINT "policy_drops_pkey" PRIMARY KEY ("node_id","at","source","destination","proto","port")
);

-- CreateIndex
CREATE UNIQUE INDEX "member_invitations_hash_key" ON "member_invitations"("hash");

-- CreateIndex
CREATE INDEX "member_invitations_organization_id_idx" ON "member_invitations"("organization_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_trials_id_key" ON "policy_trials"("id");

-- CreateIndex
CREATE INDEX "policy_hits_at_idx" ON "policy_hits"("at");

-- CreateIndex
CREATE INDEX "policy_drops_at_idx" ON "policy_drops"("at");

-- AddForeignKey
ALTER TABLE "member_invitations" ADD CONSTRAINT "member_invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_trials" ADD CONSTRAINT "policy_trials_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_reports" ADD CONSTRAINT "policy_reports_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_hits" ADD CONSTRAINT "policy_hits_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_drops" ADD CONSTRAINT "policy_drops_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Beyond Prisma.
ALTER TABLE "networks" ADD CONSTRAINT "networks_policy_number" CHECK ("policy_number" >= 1);
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_number" CHECK ("number" >= 1);
ALTER TABLE "policy_trials"
  ADD CONSTRAINT "policy_trials_state" CHECK ("state" IN ('running', 'confirmed', 'returned')),
  ADD CONSTRAINT "policy_trials_end" CHECK (("state" = 'running') = ("ended_at" IS NULL)),
  ADD CONSTRAINT "policy_trials_time" CHECK ("deadline_at" > "started_at");
ALTER TABLE "policy_reports" ADD CONSTRAINT "policy_reports_trial" CHECK ("trial_state" IN ('on', 'returned'));
ALTER TABLE "policy_drops" ADD CONSTRAINT "policy_drops_service" CHECK ("proto" BETWEEN 0 AND 255 AND "port" BETWEEN -1 AND 65535);
ALTER TABLE "member_invitations"
  ADD CONSTRAINT "member_invitations_email" CHECK ("email" = lower("email")),
  ADD CONSTRAINT "member_invitations_used" CHECK (("used_at" IS NULL) = ("used_by" IS NULL));
