import type { NextConfig } from 'next'

const config: NextConfig = {
  // Workspace packages are TypeScript sources: they have no build of their own.
  transpilePackages: ['@spanwire/api', '@spanwire/mesh'],
  // tsc runs apart (`npm run typecheck`), once for the whole repository.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // Fastify stands in front and compresses nothing that a proxy would not: Next does it for pages and scripts.
  compress: true,
  devIndicators: false,
  experimental: {
    optimizePackageImports: ['@mantine/core', '@mantine/hooks', '@mantine/form', '@tabler/icons-react'],
  },
}

export default config
