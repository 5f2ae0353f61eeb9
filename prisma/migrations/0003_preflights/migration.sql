-- What each machine finds on itself before k3s is installed, and when it was told to install.
CREATE TABLE "preflights" (
    "node_id" UUID NOT NULL,
    "facts" TEXT,
    "facts_at" TIMESTAMPTZ(3),
    "listen_port" INTEGER,
    "fault" TEXT,
    "fault_at" TIMESTAMPTZ(3),

    CONSTRAINT "preflights_pkey" PRIMARY KEY ("node_id")
);

ALTER TABLE "cluster_nodes" ADD COLUMN "cleared_at" TIMESTAMPTZ(3);

-- AddForeignKey
ALTER TABLE "preflights" ADD CONSTRAINT "preflights_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Machines that have their files keep them.
UPDATE "cluster_nodes" SET "cleared_at" = now() WHERE "said" ->> 'service' <> 'absent' OR "said" ->> 'applied' IS NOT NULL;


-- Beyond Prisma.
ALTER TABLE "preflights" ADD CONSTRAINT "preflights_facts_have_a_time" CHECK (("facts" IS NULL) = ("facts_at" IS NULL));
