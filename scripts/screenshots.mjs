#!/usr/bin/env node
// `npm run screenshots`: prepares what a fresh clone lacks, then takes pictures of every page of the built console.
import { prepare } from './prepare.mjs'

prepare({ web: true })
await import('tsx')
await import('../e2e/screenshots.ts')
