-- When a node called the other end of a dead direct path last, and when it does so next: its own word.
-- AlterTable
ALTER TABLE "links" ADD COLUMN     "next_try_at" TIMESTAMPTZ(3),
ADD COLUMN     "tried_at" TIMESTAMPTZ(3);

-- Beyond Prisma.
ALTER TABLE "links" ADD CONSTRAINT "links_tries" CHECK ("next_try_at" IS NULL OR ("tried_at" IS NOT NULL AND "tried_at" <= "next_try_at"));
