#!/usr/bin/env node
// `npm start`: prepares what a fresh clone lacks, then becomes the server. A second start has nothing to prepare.
import { prepare } from './prepare.mjs'

if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
  const { help } = await import('../apps/server/src/help.mjs')
  console.log(help())
  process.exit(0)
}
prepare({ web: true })
// In this very process, so that whoever signals or kills `npm start` signals or kills the server.
await import('tsx')
await import('../apps/server/src/main.ts')
