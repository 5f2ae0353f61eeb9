-- Paths: topology, numbers and slots of gateways, where nodes are seen, who talks with whom, the ways they take, ranges behind them.
-- AlterTable
ALTER TABLE "networks" ADD COLUMN     "direct_cap" INTEGER NOT NULL DEFAULT 50,
ADD COLUMN     "topology" TEXT NOT NULL DEFAULT 'hub';

-- AlterTable
ALTER TABLE "sites" ADD COLUMN     "first_gateway_id" UUID,
ADD COLUMN     "second_gateway_id" UUID;

-- AlterTable
ALTER TABLE "nodes" ADD COLUMN     "direct_key" TEXT,
ADD COLUMN     "direct_port" INTEGER,
ADD COLUMN     "drained_at" TIMESTAMPTZ(3),
ADD COLUMN     "draining" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "gateway_number" INTEGER,
ADD COLUMN     "lan_addresses" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "slot_a" UUID,
ADD COLUMN     "slot_b" UUID,
ADD COLUMN     "slot_first" TEXT,
ADD COLUMN     "slots_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "observed_endpoints" (
    "node_id" UUID NOT NULL,
    "gateway_id" UUID NOT NULL,
    "endpoint" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "observed_endpoints_pkey" PRIMARY KEY ("node_id","gateway_id")
);

-- CreateTable
CREATE TABLE "direct_pairs" (
    "network_id" UUID NOT NULL,
    "a_id" UUID NOT NULL,
    "b_id" UUID NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "wanted_until" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "direct_pairs_pkey" PRIMARY KEY ("a_id","b_id")
);

-- CreateTable
CREATE TABLE "path_states" (
    "node_id" UUID NOT NULL,
    "peer_id" UUID NOT NULL,
    "way" TEXT NOT NULL,
    "since_at" TIMESTAMPTZ(3) NOT NULL,
    "cause" TEXT NOT NULL,

    CONSTRAINT "path_states_pkey" PRIMARY KEY ("node_id","peer_id")
);

-- CreateTable
CREATE TABLE "path_changes" (
    "id" UUID NOT NULL,
    "network_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "peer_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "from_way" TEXT,
    "to_way" TEXT,
    "cause" TEXT NOT NULL,

    CONSTRAINT "path_changes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node_routes" (
    "id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "offered_by" TEXT NOT NULL,
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "node_routes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "observed_endpoints_gateway_id_idx" ON "observed_endpoints"("gateway_id");

-- CreateIndex
CREATE INDEX "direct_pairs_b_id_idx" ON "direct_pairs"("b_id");

-- CreateIndex
CREATE INDEX "direct_pairs_network_id_wanted_until_idx" ON "direct_pairs"("network_id", "wanted_until");

-- CreateIndex
CREATE INDEX "path_states_peer_id_idx" ON "path_states"("peer_id");

-- CreateIndex
CREATE INDEX "path_changes_node_id_peer_id_at_idx" ON "path_changes"("node_id", "peer_id", "at" DESC);

-- CreateIndex
CREATE INDEX "path_changes_peer_id_idx" ON "path_changes"("peer_id");

-- CreateIndex
CREATE INDEX "path_changes_network_id_at_idx" ON "path_changes"("network_id", "at" DESC);

-- CreateIndex
CREATE INDEX "path_changes_at_idx" ON "path_changes"("at");

-- CreateIndex
CREATE UNIQUE INDEX "node_routes_node_id_prefix_key" ON "node_routes"("node_id", "prefix");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_network_id_gateway_number_key" ON "nodes"("network_id", "gateway_number");

-- CreateIndex
CREATE UNIQUE INDEX "nodes_network_id_direct_key_key" ON "nodes"("network_id", "direct_key");

-- AddForeignKey
ALTER TABLE "sites" ADD CONSTRAINT "sites_first_gateway_id_fkey" FOREIGN KEY ("first_gateway_id") REFERENCES "nodes"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sites" ADD CONSTRAINT "sites_second_gateway_id_fkey" FOREIGN KEY ("second_gateway_id") REFERENCES "nodes"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observed_endpoints" ADD CONSTRAINT "observed_endpoints_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "observed_endpoints" ADD CONSTRAINT "observed_endpoints_gateway_id_fkey" FOREIGN KEY ("gateway_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direct_pairs" ADD CONSTRAINT "direct_pairs_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direct_pairs" ADD CONSTRAINT "direct_pairs_a_id_fkey" FOREIGN KEY ("a_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "direct_pairs" ADD CONSTRAINT "direct_pairs_b_id_fkey" FOREIGN KEY ("b_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "path_states" ADD CONSTRAINT "path_states_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "path_states" ADD CONSTRAINT "path_states_peer_id_fkey" FOREIGN KEY ("peer_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "path_changes" ADD CONSTRAINT "path_changes_network_id_fkey" FOREIGN KEY ("network_id") REFERENCES "networks"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "path_changes" ADD CONSTRAINT "path_changes_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "path_changes" ADD CONSTRAINT "path_changes_peer_id_fkey" FOREIGN KEY ("peer_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_routes" ADD CONSTRAINT "node_routes_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Beyond Prisma.
ALTER TABLE "networks"
  ADD CONSTRAINT "networks_topology" CHECK ("topology" IN ('hub', 'sites', 'mesh')),
  ADD CONSTRAINT "networks_direct_cap" CHECK ("direct_cap" BETWEEN 1 AND 1000);
ALTER TABLE "sites" ADD CONSTRAINT "sites_two_gateways" CHECK ("first_gateway_id" <> "second_gateway_id");
ALTER TABLE "nodes"
  ADD CONSTRAINT "nodes_gateway_number" CHECK ("gateway_number" BETWEEN 1 AND 240),
  ADD CONSTRAINT "nodes_slots" CHECK ("slot_a" <> "slot_b"),
  ADD CONSTRAINT "nodes_slot_first" CHECK ("slot_first" IN ('a', 'b')),
  ADD CONSTRAINT "nodes_slot_first_with_slots" CHECK ("slot_a" IS NULL AND "slot_b" IS NULL OR "slot_first" IS NOT NULL),
  ADD CONSTRAINT "nodes_direct_key" CHECK ("direct_key" ~ '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$'),
  ADD CONSTRAINT "nodes_direct_port" CHECK ("direct_port" BETWEEN 1 AND 65535);
ALTER TABLE "direct_pairs" ADD CONSTRAINT "direct_pairs_in_order" CHECK ("a_id" < "b_id");
ALTER TABLE "path_states" ADD CONSTRAINT "path_states_cause" CHECK ("cause" IN ('plan', 'boot', 'dead', 'better'));
ALTER TABLE "path_changes" ADD CONSTRAINT "path_changes_cause" CHECK ("cause" IN ('plan', 'boot', 'dead', 'better'));
ALTER TABLE "node_routes"
  ADD CONSTRAINT "node_routes_prefix" CHECK ("prefix" = "prefix"::cidr::text),
  ADD CONSTRAINT "node_routes_state" CHECK ("state" IN ('offered', 'approved', 'refused'));

-- A gateway that is alone has its number. Where there are several, they go on as they were until a topology, a site or another gateway
-- asks for more: a server that is updated changes no tunnel.
UPDATE "nodes" SET "gateway_number" = 1
 WHERE "role" = 'gateway' AND "ordinal" IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM "nodes" "other" WHERE "other"."network_id" = "nodes"."network_id" AND "other"."role" = 'gateway'
                      AND "other"."ordinal" IS NOT NULL AND "other"."id" <> "nodes"."id");
