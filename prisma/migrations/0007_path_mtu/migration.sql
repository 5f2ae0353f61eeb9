-- How large packets may be outside of a tunnel, as its end measured it.
-- AlterTable
ALTER TABLE "links" ADD COLUMN     "path_mtu" INTEGER;

-- Beyond Prisma.
ALTER TABLE "links" ADD CONSTRAINT "links_path_mtu" CHECK ("path_mtu" BETWEEN 576 AND 65535);
