import { expect, test } from 'vitest'
import { codeOf, enrolText, type Joined, reportText, request, type Scene, testNode, testScene } from './test-machine.ts'

type Peer = { state?: string; heard?: string; since?: string; handshake?: number | null; rx?: number; rtt?: string }

/** What a node says about its tunnel to a peer. */
const tunnel = (node: Joined, to: Joined, peer: Peer = {}) => `:wg span0 public-key
 ${node.publicKey}
:wg span0 listen-port
 51820
:wg span0 endpoints
 ${to.publicKey}\t198.51.100.77:40000
:wg span0 latest-handshakes
 ${to.publicKey}\t${peer.handshake === null ? 0 : (peer.handshake ?? Math.floor(Date.now() / 1000) - 7)}
:wg span0 transfer
 ${to.publicKey}\t${peer.rx ?? 1000}\t500
:netdev
   span0: ${peer.rx ?? 1000} 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0
:paths
 span0 ${to.publicKey} ${peer.state ?? 'alive'} ${peer.since ?? '900'} ${peer.heard ?? '999'} ${peer.rtt ?? '12.5'} 10 1 -
`

const machineBlocks = (busy: number) => `:loadavg
 0.50 0.05 0.01 1/123 4567
:meminfo
 MemTotal: 1000 kB
 MemAvailable: 250 kB
:stat
 cpu  ${busy} 0 0 ${1000 - busy} 0 0 0 0 0 0
:df
 /dev/vda1 1000 100 900 10% /
`

async function pair(scene: Scene) {
  const gateway = await scene.join('gateway')
  const member = await scene.join('member')
  await gateway.sync()
  return { gateway, member }
}

const stepsOf = (scene: Scene, node: Joined) =>
  scene.sql<{ step: string; confirmed_evidence: string }>(
    'SELECT step, confirmed_evidence FROM join_steps WHERE node_id = $1 AND confirmed_at IS NOT NULL',
    [node.id],
  )

test('a report becomes numbers, and rates from the second one on', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  const at = new Date()
  scene.world.setNow(at)
  await member.sync({ uptime: 1000, blocks: machineBlocks(100) + tunnel(member, gateway, { rx: 1000 }) })
  await member.sync({
    uptime: 1010,
    blocks:
      machineBlocks(100).replace('cpu  100 0 0 900', 'cpu  150 0 0 1050') + tunnel(member, gateway, { rx: 21_000 }),
  })
  await scene.machine.flush()
  const [status] = await scene.sql('SELECT * FROM node_status WHERE node_id = $1', [member.id])
  expect(status).toMatchObject({
    load1: 0.5,
    cpu: 0.25,
    rx_rate: 2000,
    tx_rate: 0,
    memory_free_kb: '250',
    behind_since: null,
  })
  const [link] = await scene.sql('SELECT * FROM links WHERE node_id = $1', [member.id])
  expect(link).toMatchObject({
    peer_id: gateway.id,
    state: 'alive',
    endpoint: '198.51.100.77:40000',
    rtt_ms: 12.5,
    sent: 10,
    lost: 1,
    rx_rate: 2000,
    // Uptime 1010 at the report, heard at 999, alive since 900.
    heard_at: new Date(at.getTime() - 11_000),
    since_at: new Date(at.getTime() - 110_000),
  })
  expect(await scene.sql('SELECT memory, disk, load1 FROM samples WHERE node_id = $1', [member.id])).toEqual([
    { memory: 0.75, disk: expect.closeTo(0.1), load1: 0.5 },
  ])
})

test('a step is green only when the other end saw it', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  await member.sync({ blocks: tunnel(member, gateway) })
  await scene.machine.flush()
  expect((await stepsOf(scene, member)).map(({ step }) => step).sort()).toEqual([
    'enrolled',
    'interface',
    'keys',
    'preflight',
  ])
  await gateway.sync({ blocks: tunnel(gateway, member, { state: 'unknown' }) })
  await scene.machine.flush()
  const steps = new Map((await stepsOf(scene, member)).map((row) => [row.step, row.confirmed_evidence]))
  expect(steps.get('handshake')).toMatch(/^gw-1 saw a handshake \d+ s ago from 198\.51\.100\.77:40000$/)
  expect(steps.has('reachable')).toBe(false)
  expect(await scene.sql('SELECT state FROM nodes WHERE id = $1', [member.id])).toEqual([{ state: 'enrolled' }])
  await gateway.sync({ blocks: tunnel(gateway, member) })
  await scene.machine.flush()
  const reached = (await stepsOf(scene, member)).find(({ step }) => step === 'reachable')
  expect(reached?.confirmed_evidence).toBe('gw-1 heard it through the tunnel 1 s ago, answered in 12.5 ms')
  expect(await scene.sql('SELECT state FROM nodes ORDER BY ordinal')).toEqual([
    { state: 'active' },
    { state: 'active' },
  ])
})

test('an interface with another key, or with an older configuration, is not the one that was enrolled', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  await member.sync({ blocks: tunnel(member, gateway).replace(member.publicKey, gateway.publicKey) })
  await member.sync({ view: 'a'.repeat(64), blocks: tunnel(member, gateway) })
  await scene.machine.flush()
  expect((await stepsOf(scene, member)).map(({ step }) => step)).not.toContain('interface')
})

test('what the machine says is told at once, with its token and then with its credential', async () => {
  await using scene = await testScene()
  await scene.join('gateway')
  const { nodeId, token } = await scene.invite('member')
  const say = (secret: string, step: string, state: string) =>
    scene.machine.step(request(secret, `spanwire step 1\nstep ${step}\nstate ${state}\n:evidence\n disk 40 % free\n`))
  const heard: unknown[] = []
  const stop = scene.world.services.hints.subscribe({ kinds: ['ledger'] }, (hint) => heard.push(hint))
  expect((await say(token, 'preflight', 'done')).status).toBe(204)
  stop()
  expect(heard).toContainEqual(expect.objectContaining({ kind: 'ledger', node: nodeId }))
  expect(await scene.sql('SELECT said, evidence FROM join_steps WHERE node_id = $1', [nodeId])).toEqual([
    { said: 'done', evidence: 'disk 40 % free' },
  ])
  expect(await scene.sql('SELECT uses FROM join_tokens WHERE node_id = $1', [nodeId])).toEqual([{ uses: 0 }])
  const member = await scene.join('member')
  expect((await say(member.credential, 'interface', 'done')).status).toBe(204)
  await scene.sql('UPDATE join_tokens SET revoked_at = now()')
  expect(codeOf(await say(token, 'keys', 'done'))).toBe('token-revoked')
})

test('a proof heals a step that failed before it', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  const fail = `spanwire step 1\nstep interface\nstate failed\ncode interface-failed\n`
  await scene.machine.step(request(member.credential, fail))
  await member.sync({ blocks: tunnel(member, gateway) })
  await scene.machine.flush()
  const healed = () =>
    scene.sql(`SELECT confirmed_at > said_at AS healed FROM join_steps WHERE node_id = $1 AND step = 'interface'`, [
      member.id,
    ])
  expect(await healed()).toEqual([{ healed: true }])
  await new Promise((resolve) => setTimeout(resolve, 20))
  await scene.machine.step(request(member.credential, fail))
  await member.sync({ blocks: tunnel(member, gateway) })
  await scene.machine.flush()
  expect(await healed()).toEqual([{ healed: true }])
})

test('a tunnel that dies is one event, though both ends and two servers hear of it; so is its return', async () => {
  await using scene = await testScene()
  const other = await scene.another()
  const { gateway, member } = await pair(scene)
  const all = async (state: string) => {
    await Promise.all([
      gateway.sync({ blocks: tunnel(gateway, member, { state }) }),
      member.sync({ blocks: tunnel(member, gateway, { state }), at: other }),
    ])
    await Promise.all([scene.machine.flush(), other.flush()])
  }
  await all('alive')
  await all('dead')
  await all('dead')
  const told = () => scene.sql(`SELECT action, subject_name FROM events WHERE action LIKE 'tunnel.%' ORDER BY at, id`)
  expect(await told()).toEqual([{ action: 'tunnel.down', subject_name: member.name }])
  await gateway.sync({ blocks: tunnel(gateway, member) })
  await scene.machine.flush()
  expect(await told()).toHaveLength(1)
  await all('alive')
  expect(await told()).toEqual([
    { action: 'tunnel.down', subject_name: member.name },
    { action: 'tunnel.up', subject_name: member.name },
  ])
})

test('behind is since when the applied view is not the wanted one', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  const since = async () =>
    (
      await scene.sql<{ behind_since: Date | null }>('SELECT behind_since FROM node_status WHERE node_id = $1', [
        gateway.id,
      ])
    )[0]?.behind_since
  const late = { ...gateway.confirmed, trial: `1 9 ${'a'.repeat(64)}` }
  await gateway.sync()
  await scene.machine.flush()
  expect(await since()).toBe(null)
  await scene.remove(member.id)
  await scene.join('member')
  await gateway.sync(late)
  await scene.machine.flush()
  const first = await since()
  expect(first).toBeInstanceOf(Date)
  await gateway.sync(late)
  await scene.machine.flush()
  expect(await since()).toEqual(first)
})

test('hostile reports are refused or shown as text, and nobody else is kept from reporting', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  const send = (body: string) => scene.machine.sync(request(member.credential, body), { holdMs: 0 })
  const good = reportText(member, member.confirmed)
  expect(codeOf(await send('x'.repeat(5 << 20)))).toBe('too-large')
  expect(codeOf(await send(good.replace('report 1', 'report 7')))).toBe('protocol')
  expect(codeOf(await send(good.replace(/uptime .*/, 'uptime $(reboot)')))).toBe('malformed')
  const nasty = `${good}:notes\n x \u0000\u001b[31m${'\ud83d'}"';DROP TABLE nodes;--\n:facts\n hostname $(reboot)\n os \u202e\u0000\n:paths\n span0 ${gateway.publicKey} alive 99999999999 99999999999 1 2147483647 2147483647 -\n:meminfo\n MemTotal: 999999999999999 kB\n MemAvailable: 1 kB\n`
  expect((await send(nasty)).status).toBe(204)
  const stranger = `${reportText(gateway, gateway.confirmed)}:paths\n span0 ${'A'.repeat(42)}E= alive 1 1 1 1 0 -\n`
  await scene.machine.sync(request(gateway.credential, stranger), { holdMs: 0 })
  await scene.machine.flush()
  const rows = await scene.sql<{ notes: { text: string }[]; facts: Record<string, string> }>(
    'SELECT notes, facts FROM node_status WHERE node_id = $1',
    [member.id],
  )
  expect(rows[0]?.facts.hostname).toBe('$(reboot)')
  expect(rows[0]?.notes[0]?.text).toContain('DROP TABLE')
  expect(await scene.sql('SELECT count(*)::int AS nodes FROM nodes')).toEqual([{ nodes: 2 }])
  expect(await scene.sql('SELECT peer_id FROM links WHERE node_id = $1', [gateway.id])).toEqual([])
})

test('a report of a node that is being removed is dropped, the others of its batch are not', async () => {
  await using scene = await testScene()
  const { gateway, member } = await pair(scene)
  await member.sync({ blocks: tunnel(member, gateway) })
  await gateway.sync({ blocks: `${tunnel(gateway, member)}${machineBlocks(1)}` })
  await scene.remove(member.id)
  await scene.machine.flush()
  expect(await scene.sql('SELECT node_id, load1 FROM node_status')).toEqual([{ node_id: gateway.id, load1: 0.5 }])
})

test('closing writes what was reported', async () => {
  await using scene = await testScene()
  const { member } = await pair(scene)
  const other = await scene.another()
  await member.sync({ at: other, blocks: machineBlocks(5) })
  await other.close()
  expect(await scene.sql('SELECT load1 FROM node_status WHERE node_id = $1', [member.id])).toEqual([{ load1: 0.5 }])
})

test('a step said with a token that is used is forgotten politely', async () => {
  await using scene = await testScene()
  const { token, nodeId } = await scene.invite('gateway')
  const node = testNode()
  await scene.machine.enrol(request(token, enrolText(node)))
  const answer = await scene.machine.step(request(token, 'spanwire step 1\nstep keys\nstate failed\ncode bad-key\n'))
  expect(answer.status).toBe(204)
  expect(await scene.sql('SELECT said FROM join_steps WHERE node_id = $1 AND said IS NOT NULL', [nodeId])).toEqual([])
})
