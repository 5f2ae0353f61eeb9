-- Keys of nodes are rotated: how far each rotation is, and what nodes say of it.
-- AlterTable
ALTER TABLE "nodes" ADD COLUMN     "keys_rotated_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "key_rotations" (
    "node_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "wants_direct" BOOLEAN NOT NULL,
    "next_key" TEXT,
    "next_direct_key" TEXT,
    "goes_on" BOOLEAN NOT NULL DEFAULT false,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "switched_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "key_rotations_pkey" PRIMARY KEY ("node_id")
);

-- CreateTable
CREATE TABLE "key_reports" (
    "node_id" UUID NOT NULL,
    "said_at" TIMESTAMPTZ(3) NOT NULL,
    "rotation_id" UUID,
    "state" TEXT,
    "why" TEXT,
    "next_key" TEXT,
    "next_direct_key" TEXT,
    "staged" TEXT[],

    CONSTRAINT "key_reports_pkey" PRIMARY KEY ("node_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "key_rotations_id_key" ON "key_rotations"("id");

-- AddForeignKey
ALTER TABLE "key_rotations" ADD CONSTRAINT "key_rotations_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_reports" ADD CONSTRAINT "key_reports_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "nodes"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- Beyond Prisma.
ALTER TABLE "key_rotations"
  ADD CONSTRAINT "key_rotations_state" CHECK ("state" IN ('making', 'staging', 'switching', 'done', 'returned', 'stopped')),
  ADD CONSTRAINT "key_rotations_next_key" CHECK ("next_key" ~ '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$'),
  ADD CONSTRAINT "key_rotations_next_direct_key" CHECK ("next_direct_key" ~ '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$'),
  ADD CONSTRAINT "key_rotations_staged" CHECK ("state" NOT IN ('staging', 'switching', 'done') OR "next_key" IS NOT NULL);
