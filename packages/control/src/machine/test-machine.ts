/**
 * A network and nodes for tests of the machine side: what the node script sends, sent from here.
 *
 *   await using scene = await testScene()
 *   const gateway = await scene.join('gateway')
 *   const answer = await gateway.sync({ view: '-' })
 */
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { extract } from 'tar-stream'
import { hashToken, makeToken } from '../secrets.ts'
import { testWorld, type World } from '../test-db.ts'
import type { Answer } from './answer.ts'
import { createMachine, type MachineDoors } from './create-machine.ts'
import type { MachineDeps } from './machine-deps.ts'

export type TestNode = {
  readonly credential: string
  readonly credentialSha256: string
  readonly publicKey: string
  readonly machine: string
  readonly instance: string
}

export type Confirmed = { epoch: number; revision: number; view: string }

export const NONE: Confirmed = { epoch: 0, revision: 0, view: '-' }
const SCRIPT = `0.1.0 ${'a'.repeat(64)}`

export const testNode = (): TestNode => {
  const credential = `swn_${randomBytes(32).toString('hex')}`
  return {
    credential,
    credentialSha256: createHash('sha256').update(credential).digest('hex'),
    publicKey: publicKey(),
    machine: randomBytes(32).toString('hex'),
    instance: `${randomUUID()}.1`,
  }
}

/** The last 32 bytes of the DER of an X25519 key are the key. */
export function publicKey(): string {
  return generateKeyPairSync('x25519')
    .publicKey.export({ type: 'spki', format: 'der' })
    .subarray(-32)
    .toString('base64')
}

export const enrolText = (node: TestNode, hostname = 'home-1', unix = Math.floor(Date.now() / 1000)) =>
  `spanwire enrol 1
credential-sha256 ${node.credentialSha256}
public-key ${node.publicKey}
instance ${node.instance}
machine ${node.machine}
hostname ${hostname}
script ${SCRIPT}
unix ${unix}
:facts
 hostname ${hostname}
 os Debian GNU/Linux 12 (bookworm)
 kernel 6.1.0
 wireguard kernel
`

export type ReportOptions = Partial<Confirmed> & {
  readonly instance?: string
  readonly uptime?: number
  /** `date +%s` there; by default the time of the test's world */
  readonly unix?: number
  readonly trial?: string
  /** version and SHA-256 of its script; by default none of the server's */
  readonly script?: string
  /** blocks, as they stand in the message */
  readonly blocks?: string
}

export const reportText = (node: TestNode, options: ReportOptions = {}) =>
  `spanwire report 1
instance ${options.instance ?? node.instance}
epoch ${options.epoch ?? 0}
revision ${options.revision ?? 0}
view ${options.view ?? '-'}
${options.trial ? `trial ${options.trial}\n` : ''}script ${options.script ?? SCRIPT}
uptime ${options.uptime ?? 1000}
unix ${options.unix ?? Math.floor(Date.now() / 1000)}
${options.blocks ?? ''}`

export async function files(answer: Answer): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const tar = extract()
  tar.end(answer.body)
  for await (const entry of tar) {
    const chunks: Uint8Array[] = []
    for await (const chunk of entry) chunks.push(chunk as Uint8Array)
    found.set(entry.header.name, Buffer.concat(chunks).toString())
  }
  return found
}

export async function confirmedBy(answer: Answer): Promise<Confirmed> {
  const meta = (await files(answer)).get('meta') ?? ''
  const value = (key: string) => new RegExp(`^${key} (.*)$`, 'm').exec(meta)?.[1] ?? ''
  return { epoch: Number(value('epoch')), revision: Number(value('revision')), view: value('view') }
}

export const codeOf = (answer: Answer): string | undefined => /^error (\S+)/.exec(String(answer.body))?.[1]

export type Joined = TestNode & {
  readonly id: string
  readonly name: string
  readonly first: Answer
  /** What it runs: of its last bundle. */
  confirmed: Confirmed
  /** Takes the bundle that it gets for its own. */
  sync(options?: ReportOptions & { holdMs?: number; at?: MachineDoors; signal?: AbortSignal }): Promise<Answer>
}

export type Invited = { readonly nodeId: string; readonly name: string; readonly token: string }

export type Scene = AsyncDisposable & {
  readonly world: World
  readonly machine: MachineDoors
  readonly deps: MachineDeps
  readonly networkId: string
  /** One more server process on the same database. */
  another(overrides?: Partial<MachineDeps>): Promise<MachineDoors>
  invite(role: 'gateway' | 'member', name?: string, network?: string): Promise<Invited>
  joinKey(maxUses: number): Promise<string>
  join(role: 'gateway' | 'member', name?: string, network?: string): Promise<Joined>
  /** A network of another organization, with the ranges of ours. */
  otherTenant(): Promise<string>
  remove(nodeId: string): Promise<void>
  sql<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

export async function testScene(overrides: Partial<MachineDeps> = {}): Promise<Scene> {
  const world = await testWorld()
  const deps: MachineDeps = {
    ...world.services,
    settings: {
      url: 'https://spanwire.test:3000',
      pin: null,
      scriptText: "#!/bin/sh\nSERVER_URL=''\nSERVER_PIN=''\nmain\n",
      scriptVersion: '0.1.0',
      k3sText: '#!/bin/sh\nmain\n',
      accessText: '#!/bin/sh\nmain "$@"\n',
      pathsText: '#!/bin/sh\nmain\n# paths\n',
      keysText: '#!/bin/sh\nmain\n# keys\n',
      deltaText: '#!/bin/sh\nmain\n# delta\n',
      statusText: '#!/bin/sh\nmain\n# status\n',
      servers: [{ url: 'https://spanwire.test:3000', pin: null }],
    },
    ...overrides,
  }
  const machine = createMachine(deps)
  const closing: (() => Promise<void>)[] = [() => machine.close()]
  const sql = async <Row>(text: string, values: readonly unknown[] = []) =>
    (await world.db.pool.query(text, [...values])).rows as Row[]
  const makeNetwork = async (organizationId: string) => {
    const id = randomUUID()
    await sql(
      `INSERT INTO networks (id, organization_id, name, cidr4, cidr6) VALUES ($1, $2, 'home-lab', '10.77.0.0/16', 'fd12:3456:789a::/48')`,
      [id, organizationId],
    )
    return id
  }
  const networkId = await makeNetwork(world.organization.id)
  let count = 0

  const invite: Scene['invite'] = async (
    role,
    name = `${role === 'gateway' ? 'gw' : 'node'}-${++count}`,
    network = networkId,
  ) => {
    const nodeId = randomUUID()
    const token = makeToken('swj', deps.random)
    await sql(
      `INSERT INTO nodes (id, network_id, name, role, state, endpoint, created_by) VALUES ($1, $2, $3, $4, 'invited', $5, 'test')`,
      [nodeId, network, name, role, role === 'gateway' ? '203.0.113.7:51820' : null],
    )
    await sql(
      `INSERT INTO join_tokens (id, network_id, kind, node_id, hash, max_uses, expires_at, created_by)
       VALUES ($1, $2, 'invitation', $3, $4, 1, now() + interval '15 minutes', 'test')`,
      [randomUUID(), network, nodeId, Buffer.from(hashToken(token))],
    )
    return { nodeId, name, token }
  }

  return {
    world,
    machine,
    deps,
    networkId,
    sql,
    invite,
    async another(more = {}) {
      const other = createMachine({ ...deps, ...more })
      closing.push(() => other.close())
      return other
    },
    async joinKey(maxUses) {
      const token = makeToken('swj', deps.random)
      await sql(
        `INSERT INTO join_tokens (id, network_id, kind, name, labels, hash, max_uses, expires_at, created_by)
         VALUES ($1, $2, 'join_key', 'workers', '{"pool":"a"}', $3, $4, now() + interval '1 day', 'test')`,
        [randomUUID(), networkId, Buffer.from(hashToken(token)), maxUses],
      )
      return token
    },
    otherTenant() {
      const { actor } = world.stranger
      return makeNetwork('organizationId' in actor ? (actor.organizationId ?? '') : '')
    },
    async join(role, name, network) {
      const invited = await invite(role, name, network)
      const node = testNode()
      const unix = () => Math.floor(deps.now().getTime() / 1000)
      const first = await machine.enrol(request(invited.token, enrolText(node, undefined, unix())))
      if (first.status !== 200) throw new Error(String(first.body))
      const joined: Joined = {
        ...node,
        id: invited.nodeId,
        name: invited.name,
        first,
        confirmed: await confirmedBy(first),
        async sync({ holdMs = 0, at = machine, signal, ...options } = {}) {
          const body = reportText(node, { ...joined.confirmed, unix: unix(), ...options })
          const answer = await at.sync(request(node.credential, body), { holdMs, signal })
          if (answer.status === 200) joined.confirmed = await confirmedBy(answer)
          return answer
        },
      }
      return joined
    },
    /** What the verb does: node away, tombstone left, one revision more. */
    async remove(nodeId) {
      await sql(
        `WITH gone AS (DELETE FROM nodes WHERE id = $1 RETURNING *)
         INSERT INTO tombstones (node_id, organization_id, network_id, name, credential_hash, tombstone_proof, public_key)
         SELECT gone.id, organization_id, network_id, gone.name, credential_hash, tombstone_proof, public_key
           FROM gone JOIN networks ON networks.id = network_id`,
        [nodeId],
      )
      await sql('UPDATE networks SET revision = revision + 1 WHERE id = $1', [networkId])
      await sql("SELECT pg_notify('spanwire', $1)", [JSON.stringify({ kind: 'network', network: networkId })])
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing.reverse()) await close()
      await world[Symbol.asyncDispose]()
    },
  }
}

export const request = (secret: string, body: string, address: string | null = '198.51.100.9') => ({
  authorization: `Bearer ${secret}`,
  body,
  address,
})
