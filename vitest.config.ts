import { defineConfig } from 'vitest/config'

/** One project a kind of test; scripts/test.mjs runs them in turn. `lab` and `node` need root and /dev/net/tun. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    projects: [
      {
        resolve: { alias: { '~': new URL('./apps/web/src', import.meta.url).pathname } },
        test: {
          name: 'unit',
          include: [
            'packages/{mesh,api}/src/**/*.test.ts',
            'apps/web/src/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/*.test.ts',
          ],
          exclude: ['packages/api/src/**/*.db.test.ts'],
        },
      },
      {
        test: {
          name: 'database',
          include: ['packages/control/src/**/*.test.ts', 'packages/api/src/**/*.db.test.ts'],
          globalSetup: ['packages/control/src/test-postgres.ts'],
          // These tests wait for PostgreSQL and for time more than they compute; each has a database of its own, so the
          // modules, Prisma's above all, need not be loaded anew for each file.
          isolate: false,
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['apps/server/src/**/*.test.ts'],
          // Whole servers start and end in these, several in one test: seconds each, ten times that on a busy machine.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'node',
          include: ['apps/node/test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Most of their time is waiting for machines to wait.
          maxWorkers: 4,
        },
      },
      {
        test: {
          name: 'lab',
          include: ['packages/lab/src/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
