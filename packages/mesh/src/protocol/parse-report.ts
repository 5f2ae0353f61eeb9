/** A report of a node, typed. What it must have is refused when missing; what a machine may lack is null. */
import type { NumericEndpoint } from '../ip/endpoint.ts'
import { err, ok, type Result } from '../result.ts'
import {
  parseEndpoints,
  parseLatestHandshakes,
  parseListenPort,
  parsePublicKeyView,
  parseTransfer,
  type Transfer,
} from '../wireguard/parse-views.ts'
import { type DirectReport, parseDirect } from './parse-direct.ts'
import { type Note, parseFacts, parseNotes } from './parse-facts.ts'
import { type K3sReport, parseK3s } from './parse-k3s.ts'
import { type MessageFault, parseMessage } from './parse-message.ts'
import { type PathRow, parsePaths } from './parse-paths.ts'
import { type PolicyReport, parsePolicy } from './parse-policy.ts'
import {
  type Capacity,
  type CpuTime,
  parseCpu,
  parseDisk,
  parseLoad,
  parseMemory,
  parseTraffic,
  type Traffic,
} from './parse-proc.ts'
import { parseTalk, type Talk } from './parse-talk.ts'
import { parseUnderlay, type UnderlayReport } from './parse-underlay.ts'
import { parseWays, type WaysReport } from './parse-ways.ts'
import { readCount, readDecimal, readHash, readInstance, readScript } from './read-fields.ts'
import { type PreflightBlock, readPreflightBlock } from './read-preflight-block.ts'

/** Which bundle: 0 and null when there is none. */
export type Applied = { readonly epoch: number; readonly revision: number; readonly view: string | null }

export type InterfaceReport = {
  readonly publicKey: string | null
  readonly listenPort: number | null
  /** by public key of the peer; unix seconds of the node's clock */
  readonly handshakes: ReadonlyMap<string, number | null>
  readonly endpoints: ReadonlyMap<string, NumericEndpoint | null>
  readonly transfers: ReadonlyMap<string, Transfer>
}

export type Report = {
  readonly instance: string
  readonly confirmed: Applied
  /** a bundle on trial: the node wants to know only that it still reaches us */
  readonly trial: Applied | null
  readonly script: { readonly version: string; readonly sha256: string }
  readonly uptimeSeconds: number
  readonly unixSeconds: number
  readonly load1: number | null
  readonly memory: Capacity | null
  readonly cpu: CpuTime | null
  readonly disk: Capacity | null
  readonly traffic: ReadonlyMap<string, Traffic>
  readonly interfaces: ReadonlyMap<string, InterfaceReport>
  readonly paths: readonly PathRow[]
  readonly notes: readonly Note[]
  /** null when unchanged since the last accepted report */
  readonly facts: Record<string, string> | null
  /** null where no k3s of ours is */
  readonly k3s: K3sReport | null
  /** null when it says nothing of what it finds on itself: it does so when that changed */
  readonly preflight: PreflightBlock | null
  /** null where nothing is judged, and from scripts that know no policies */
  readonly policy: PolicyReport | null
  /** null from scripts that know no further paths, and where there are none */
  readonly ways: WaysReport | null
  /** of its interface for direct paths; null where there is none */
  readonly direct: DirectReport | null
  /** what passes outside of its tunnels, where that was measured */
  readonly underlay: readonly UnderlayReport[]
  readonly talk: readonly Talk[]
  /** true of who can make a bundle of the one before and what changed in it */
  readonly deltas: true | null
}

export function parseReport(text: string): Result<Report, MessageFault> {
  const message = parseMessage(text, 'report')
  if (!message.ok) return message
  const { fields, blocks } = message.value
  const instance = readInstance(fields.get('instance'))
  const confirmed = readApplied([fields.get('epoch'), fields.get('revision'), fields.get('view')])
  const script = readScript(fields.get('script'))
  const uptimeSeconds = readDecimal(fields.get('uptime'))
  const unixSeconds = readCount(fields.get('unix'))
  const trialText = fields.get('trial')
  const trial = trialText === undefined ? null : readApplied(trialText.split(' '))
  if (instance === null) return missing('instance')
  if (confirmed === null) return missing('epoch, revision or view')
  if (script === null) return missing('script')
  if (uptimeSeconds === null) return missing('uptime')
  if (unixSeconds === null) return missing('unix')
  if (trialText !== undefined && trial === null) return missing('trial')
  const facts = blocks.get('facts')
  const ways = parseWays(blocks.get('ways'))
  return ok({
    instance,
    confirmed,
    trial,
    script,
    uptimeSeconds,
    unixSeconds,
    load1: parseLoad(blocks.get('loadavg')),
    memory: parseMemory(blocks.get('meminfo')),
    cpu: parseCpu(blocks.get('stat')),
    disk: parseDisk(blocks.get('df')),
    traffic: parseTraffic(blocks.get('netdev')),
    interfaces: readInterfaces(blocks),
    paths: parsePaths(blocks.get('paths') ?? ''),
    notes: notesOf(blocks.get('notes'), ways),
    facts: facts === undefined ? null : parseFacts(facts),
    k3s: parseK3s(blocks, uptimeSeconds),
    preflight: readPreflightBlock(blocks.get('preflight')),
    policy: parsePolicy(blocks.get('policy')),
    ways,
    direct: parseDirect(blocks.get('direct')),
    underlay: parseUnderlay(blocks.get('direct')),
    talk: parseTalk(blocks.get('talk')),
    deltas: blocks.get('delta')?.trim() === '1' ? true : null,
  })
}

/** That the part for paths refuses its files is a finding like those of the core. */
function notesOf(block: string | undefined, ways: WaysReport | null): readonly Note[] {
  const notes = parseNotes(block ?? '')
  const refused = ways?.refused ?? null
  return refused === null ? notes : [...notes, { code: 'paths-refused', text: refused }]
}

/** A node has 1 + 1 + 1 interfaces, a gateway one more for each other gateway. */
const MAX_INTERFACES = 64

/** Blocks `wg span0 public-key`, `wg span0 endpoints` and so on. */
function readInterfaces(blocks: ReadonlyMap<string, string>): ReadonlyMap<string, InterfaceReport> {
  const names = new Set<string>()
  for (const block of blocks.keys()) {
    const name = /^wg ([a-z][a-z0-9_-]{0,14}) [a-z-]+$/.exec(block)?.[1]
    if (name && names.size < MAX_INTERFACES) names.add(name)
  }
  const view = (name: string, kind: string) => blocks.get(`wg ${name} ${kind}`) ?? ''
  return new Map(
    [...names].map((name) => [
      name,
      {
        publicKey: parsePublicKeyView(view(name, 'public-key')),
        listenPort: parseListenPort(view(name, 'listen-port')),
        handshakes: parseLatestHandshakes(view(name, 'latest-handshakes')).rows,
        endpoints: parseEndpoints(view(name, 'endpoints')).rows,
        transfers: parseTransfer(view(name, 'transfer')).rows,
      },
    ]),
  )
}

/** The database holds the epoch in 32 bits. */
const MAX_EPOCH = 0x7fff_ffff

function readApplied([epochText, revisionText, viewText]: (string | undefined)[]): Applied | null {
  const epoch = readCount(epochText)
  const revision = readCount(revisionText)
  const view = viewText === '-' ? null : readHash(viewText)
  if (epoch === null || epoch > MAX_EPOCH || revision === null || (view === null && viewText !== '-')) return null
  return { epoch, revision, view }
}

function missing(field: string): Result<never, MessageFault> {
  return err({
    kind: 'malformed',
    message: `the report has no readable ${field}; is the script damaged? Run the join line again`,
  })
}
