-- AlterTable
ALTER TABLE "sites" ADD COLUMN     "zone" TEXT;

-- AlterTable
ALTER TABLE "cluster_nodes" ADD COLUMN     "registered" JSONB,
ADD COLUMN     "labelling" JSONB;

-- AlterTable
ALTER TABLE "devices" ADD COLUMN     "file" JSONB;

-- Values of Kubernetes labels.
ALTER TABLE "sites"
  ADD CONSTRAINT "sites_zone" CHECK ("zone" ~ '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$'),
  ADD CONSTRAINT "sites_region" CHECK ("region" ~ '^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$');
