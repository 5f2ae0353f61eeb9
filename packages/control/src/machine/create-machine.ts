/** The doors for machines, of one server process. Whatever goes wrong behind them, a node keeps what it has. */
import { createStewards } from '../cluster/create-stewards.ts'
import { readExtras } from '../cluster/read-extras.ts'
import { isDatabaseAway } from '../is-database-away.ts'
import { type Answer, MachineRefusal, type NodeRequest, refuse, script } from './answer.ts'
import { bearer } from './bearer.ts'
import { enrolNode } from './enrol-node.ts'
import { createForkWatch } from './fork-watch.ts'
import { createIngest } from './ingest-reports.ts'
import { joinScript } from './join-script.ts'
import { invitedByToken, judgePreflight } from './judge-preflight.ts'
import type { Machine } from './machine.ts'
import type { MachineDeps } from './machine-deps.ts'
import { createNetworkMirror } from './network-mirror.ts'
import { createPace } from './pace.ts'
import { recordAnswer } from './record-answer.ts'
import { recordStep } from './record-step.ts'
import { sha256hex } from './sha256.ts'
import { sqlOn } from './sql.ts'
import { type Hold, syncNode, unavailable } from './sync-node.ts'
import { takeTurns } from './take-turns.ts'
import { tellTombstone } from './tell-tombstone.ts'
import { createWaitingRoom } from './waiting-room.ts'

export type MachineDoors = {
  /** `GET /join` */
  join(): Answer
  /** `GET /node/v1/script` */
  script(request: NodeRequest): Promise<Answer>
  enrol(request: NodeRequest): Promise<Answer>
  sync(request: NodeRequest, hold: Hold): Promise<Answer>
  step(request: NodeRequest): Promise<Answer>
  /** What came of something that it was asked to do. */
  answer(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/k3s` */
  part(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/access` */
  accessPart(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/paths` */
  pathsPart(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/keys` */
  keysPart(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/delta` */
  deltaPart(request: NodeRequest): Promise<Answer>
  /** `GET /node/v1/part/status` */
  statusPart(request: NodeRequest): Promise<Answer>
  /** What it finds on itself, judged. */
  preflight(request: NodeRequest): Promise<Answer>
  /** Reports taken so far are in the database. */
  flush(): Promise<void>
  /** How many requests are held open. */
  readonly waiting: number
  close(): Promise<void>
}

/** Of the 20 connections of a process. */
const ENROLMENTS = 4

export function createMachine(deps: MachineDeps): MachineDoors {
  const { settings } = deps
  const sql = sqlOn(deps.db.pool)
  const text = joinScript(settings.scriptText, settings.url, settings.pin)
  const server = { script: { version: settings.scriptVersion, sha256: sha256hex(text) }, servers: settings.servers }
  const waiting = createWaitingRoom()
  const forks = createForkWatch()
  const waking = createPace(wakeChanged)
  const part = { name: 'k3s', version: settings.scriptVersion, sha256: sha256hex(settings.k3sText) } as const
  const accessPart = {
    name: 'access',
    version: settings.scriptVersion,
    sha256: sha256hex(settings.accessText),
  } as const
  const deltaPart = { name: 'delta', version: settings.scriptVersion, sha256: sha256hex(settings.deltaText) } as const
  const pathsPart = { name: 'paths', version: settings.scriptVersion, sha256: sha256hex(settings.pathsText) } as const
  const keysPart = { name: 'keys', version: settings.scriptVersion, sha256: sha256hex(settings.keysText) } as const
  const statusPart = {
    name: 'status',
    version: settings.scriptVersion,
    sha256: sha256hex(settings.statusText),
  } as const
  const mirror = createNetworkMirror(
    sql,
    server,
    (on, network) => readExtras(on, deps.seal, part, network.settings.id),
    { access: accessPart, paths: pathsPart, delta: deltaPart, keys: keysPart, status: statusPart },
    {
      onRefreshed: (networkId) => waking.now(networkId),
      onRemoved(nodeId) {
        forks.forget(nodeId)
        ingest.forget(nodeId)
      },
    },
  )
  const stewards = createStewards(deps, { isAway: () => mirror.isAway, suspect: () => mirror.suspect() })
  const ingest = createIngest(deps, mirror, { onClusterChanged: (networkId) => stewards.soon(networkId) })
  const enrolInTurn = takeTurns(ENROLMENTS)
  const machine: Machine = { ...deps, sql, script: text, server, mirror, waiting, forks, ingest, stewards }
  const unsubscribe = deps.hints.subscribe({ kinds: ['network'] }, (hint) => {
    // A gap in the hints has no network: anything may have changed.
    if (hint.network === undefined) mirror.scanNow()
    else if (mirror.current(hint.network)) mirror.refresh(hint.network).catch(() => {})
  })

  function wakeChanged(networkId: string): void {
    const network = mirror.current(networkId)
    for (const { nodeId, epoch, view } of waiting.of(networkId)) {
      const node = network?.nodes.get(nodeId)
      if (!network || !node || !mirror.isHeld(network, node, { epoch, view })) waiting.wake(nodeId)
    }
  }

  async function answered(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof MachineRefusal) return refuse(error.code, error.message)
      if (isDatabaseAway(error)) mirror.suspect()
      else console.error('spanwire: a node was not served', error)
      return unavailable
    }
  }

  async function toKnown(request: NodeRequest, file: string): Promise<Answer> {
    const credential = bearer(request, 'swn')
    if (credential === null) return refuse('unknown', 'this is no node credential; run the join line again')
    const found = await mirror.find(sha256hex(credential))
    return found ? script(file) : tellTombstone(machine, sha256hex(credential))
  }

  /** Who is invited into a cluster looks before anything is written, with the token of its line. */
  async function toPart(request: NodeRequest): Promise<Answer> {
    if (bearer(request, 'swj') === null) return toKnown(request, settings.k3sText)
    const invited = await invitedByToken(machine, request)
    return 'status' in invited ? invited : script(settings.k3sText)
  }

  let closing: Promise<void> | null = null
  async function close(): Promise<void> {
    unsubscribe()
    mirror.close()
    waking.close()
    waiting.close()
    await ingest.close()
    await stewards.close()
  }

  return {
    join: () => script(text),
    script: (request) => answered(() => toKnown(request, text)),
    enrol: (request) => answered(() => enrolInTurn(() => enrolNode(machine, request))),
    sync: (request, hold) => answered(() => syncNode(machine, request, hold)),
    step: (request) => answered(() => recordStep(machine, request)),
    answer: (request) => answered(() => recordAnswer(machine, request)),
    part: (request) => answered(() => toPart(request)),
    accessPart: (request) => answered(() => toKnown(request, settings.accessText)),
    pathsPart: (request) => answered(() => toKnown(request, settings.pathsText)),
    keysPart: (request) => answered(() => toKnown(request, settings.keysText)),
    deltaPart: (request) => answered(() => toKnown(request, settings.deltaText)),
    statusPart: (request) => answered(() => toKnown(request, settings.statusText)),
    preflight: (request) => answered(() => judgePreflight(machine, request)),
    flush: () => ingest.flush(),
    get waiting() {
      return waiting.size
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
