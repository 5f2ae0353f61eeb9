import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // One lab at a time is plugged into the namespace that the tests run in.
    fileParallelism: false,
    // Hosts boot in 100 ms, but a handshake that is lost is sent again after 5 s.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
