#!/usr/bin/env node
// `npm run demo -- --nodes 200`: prepares what a fresh clone lacks, then starts the server with a simulated fleet.
import { prepare } from './prepare.mjs'

prepare({ web: !process.argv.some((argument) => argument === '--help' || argument === '-h') })
await import('tsx')
await import('../apps/server/src/demo.ts')
