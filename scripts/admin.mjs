#!/usr/bin/env node
// `npm run admin -- …`: what must be possible without a browser.
import { prepare } from './prepare.mjs'

prepare({ web: false })
await import('tsx')
await import('../apps/server/src/admin.ts')
