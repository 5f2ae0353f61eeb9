import { expect, test } from 'vitest'
import { request, type Scene, testScene } from '../machine/test-machine.ts'
import { getNode } from '../node/get-node.ts'
import { nodeLedger } from '../node/node-ledger.ts'
import { nodePreflight } from '../node/node-preflight.ts'
import { getCluster } from './get-cluster.ts'
import { stewardCluster } from './steward.ts'
import { bundleOf, clusterScene, k3s, kubeNode, NOON, preflight, tunnel, unlookedScene } from './test-k3s.ts'

const lookAfter = (scene: Scene) => stewardCluster(scene.deps, scene.networkId)
const filesOf = async (...[scene, node]: Parameters<typeof bundleOf>) =>
  [...(await bundleOf(scene, node)).keys()].filter((name) => name.startsWith('k3s/'))
const rowOf = async ({ world, networkId }: Scene, nodeId: string) =>
  (await getCluster(world.viewer, { networkId }))?.nodes.find((node) => node.nodeId === nodeId)
const lineOf = async (scene: Scene, id: string, name: string) =>
  (await nodeLedger(scene.world.viewer, { id })).steps.find(({ step }) => step === name)

const CADDY = 'listen tcp 0.0.0.0 6443 caddy'

test('no k3s before the machine was looked at: its ledger waits, without a clock', async () => {
  await using scene = await testScene()
  const { server, agent } = await unlookedScene(scene)
  await server.sync()
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toEqual([])
  expect(await lineOf(scene, server.id, 'k3s-installed')).toMatchObject({
    state: 'waiting',
    evidence: 'waiting for server-1 to tell what it finds on itself',
  })
  expect(await rowOf(scene, server.id)).toMatchObject({ failure: null, preflight: null })
  await server.sync({ blocks: preflight() })
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toContain('k3s/install')
  expect(await filesOf(scene, agent)).toEqual([])
})

test('a critical finding holds it, with code, evidence and fix in ledger, page and row; when it is gone the join goes on by itself', async () => {
  await using scene = await testScene()
  const { server } = await unlookedScene(scene)
  await server.sync({ blocks: preflight(CADDY, 'memory-kb 1048576') })
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toEqual([])
  const { steps, findings, done } = await nodeLedger(scene.world.viewer, { id: server.id })
  const sentence = 'caddy listens on TCP 6443, which the API server needs'
  expect(steps.find(({ step }) => step === 'k3s-installed')).toMatchObject({
    state: 'failed',
    code: 'port-in-use',
    evidence: `${sentence}\nport-in-use: ${CADDY}`,
    fix: expect.stringContaining('Stop that program'),
  })
  expect(done).toBe(false)
  expect(findings).toMatchObject([{ code: 'port-in-use', holds: true, sentence, evidence: CADDY }])
  const told = await nodePreflight(scene.world.viewer, { id: server.id })
  expect(told.findings.map(({ code, holds }) => `${code} ${holds}`)).toEqual(['port-in-use true', 'memory-low false'])
  expect(told.at).toBe(NOON.toISOString())
  expect(await rowOf(scene, server.id)).toMatchObject({
    doing: `server-1: ${sentence}`,
    failure: { step: 'k3s-installed', code: 'port-in-use', text: sentence, offers: null },
    preflight: { critical: 1, warning: 1, info: 0 },
  })
  await server.sync({ blocks: preflight('memory-kb 1048576') })
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toContain('k3s/install')
  expect(await rowOf(scene, server.id)).toMatchObject({ failure: null, preflight: { critical: 0, warning: 1 } })
})

test('what is found when it was told to install takes nothing back', async () => {
  await using scene = await testScene()
  const { server } = await clusterScene(scene)
  await server.sync({ blocks: preflight(CADDY) })
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toContain('k3s/install')
  expect(await rowOf(scene, server.id)).toMatchObject({ failure: null, doing: 'makes the cluster' })
})

test('its own ports, routes and name are no trouble to a node that runs', async () => {
  await using scene = await testScene()
  const { server } = await clusterScene(scene)
  const own = ['k3s-ours yes', 'k3s-role server', 'listen tcp :: 6443 k3s', 'listen tcp :: 10250 node']
  const nodes = kubeNode('server-1', '10.77.0.1')
  const ranges = ['address 10.42.0.1/24 cni0', 'route 10.42.1.0/24 span0', 'address 10.77.0.1/16 span0']
  await server.sync({ blocks: k3s({ subnet: '10.42.0.1/24', nodes }) + preflight(...own, ...ranges) })
  await scene.machine.flush()
  expect((await nodePreflight(scene.world.viewer, { id: server.id })).findings).toEqual([])
})

test('an agent that is held has no token minted for it', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const nodes = kubeNode('server-1', '10.77.0.1')
  await agent.sync({ blocks: tunnel(server) + preflight('kubeadm yes') })
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes }) })
  await scene.machine.flush()
  await lookAfter(scene)
  const minted = () => scene.sql("SELECT 1 FROM node_requests WHERE kind = 'k3s-mint-token'")
  expect(await minted()).toEqual([])
  expect(await lineOf(scene, agent.id, 'api-reachable')).toMatchObject({ state: 'failed', code: 'kubernetes-present' })
  await agent.sync({ blocks: tunnel(server) + preflight() })
  await scene.machine.flush()
  await lookAfter(scene)
  expect(await minted()).toHaveLength(1)
})

test('facts that cannot be read are refused with their line; the report counts, and what was told before stays', async () => {
  await using scene = await testScene()
  const { server, agent } = await unlookedScene(scene)
  await server.sync({ blocks: preflight('memory-kb much') + tunnel(agent) })
  await scene.machine.flush()
  await lookAfter(scene)
  expect((await getNode(scene.world.viewer, { id: server.id })).peers[0]?.peerName).toBe('home-1')
  const fault = /^line \d+ of the preflight has no memory-kb that can be read/
  expect(await lineOf(scene, server.id, 'k3s-installed')).toMatchObject({ state: 'failed', code: 'facts-unreadable' })
  expect((await nodePreflight(scene.world.viewer, { id: server.id })).findings).toMatchObject([
    { code: 'facts-unreadable', holds: true, evidence: expect.stringMatching(fault) },
  ])
  await server.sync({ blocks: preflight() })
  await scene.machine.flush()
  await server.sync({ blocks: preflight('cpus two') })
  await scene.machine.flush()
  await lookAfter(scene)
  const { findings, at } = await nodePreflight(scene.world.viewer, { id: server.id })
  expect(findings).toMatchObject([{ code: 'facts-unreadable', severity: 'warning', holds: false }])
  expect(at).not.toBeNull()
  expect(await filesOf(scene, server)).toContain('k3s/install')
})

test('facts of before its enrolment are those of another machine', async () => {
  await using scene = await testScene()
  const { server } = await unlookedScene(scene)
  await scene.sql("INSERT INTO preflights (node_id, facts, facts_at) VALUES ($1, 'kubeadm yes', $2)", [
    server.id,
    new Date(NOON.getTime() - 60_000),
  ])
  expect(await nodePreflight(scene.world.viewer, { id: server.id })).toMatchObject({ at: null, findings: [] })
})

test('the server adds what only it knows: clock, NAT, other machines, and whether it runs there itself', async () => {
  await using scene = await testScene()
  const { server, agent } = await unlookedScene(scene)
  await scene.sql("UPDATE nodes SET endpoint = 'spanwire.test:51820' WHERE id = $1", [server.id])
  await server.sync({ blocks: preflight('listen tcp :: 443 node', 'route 10.43.8.0/24 eth1') })
  const late = Math.floor(NOON.getTime() / 1000) - 3600
  const wg = `:wg span0 listen-port\n 41641\n`
  await agent.sync({ unix: late, blocks: tunnel(server) + wg + preflight() })
  await server.sync({
    blocks: `${tunnel(agent)}:wg span0 endpoints\n ${agent.publicKey}\t198.51.100.2:41641\n:wg span0 transfer\n ${agent.publicKey}\t5\t5\n`,
  })
  await scene.machine.flush()
  const [ofServer, ofAgent] = await Promise.all(
    [server, agent].map(({ id }) => nodePreflight(scene.world.viewer, { id })),
  )
  expect(ofServer?.findings.map(({ code }) => code)).toEqual(['range-overlap', 'servicelb-takes-web-ports'])
  expect(ofServer?.findings[1]?.sentence).toMatch(/^this Spanwire server is reached here at port 443/)
  expect(ofAgent?.findings.map(({ code, holds }) => `${code} ${holds}`)).toEqual([
    'clock-wrong true',
    'range-overlap-elsewhere false',
  ])
  expect(ofAgent?.findings[1]?.sentence).toContain('which server-1 uses (eth1)')
  expect(ofAgent?.known.find(({ what }) => what === 'nat')).toEqual({
    what: 'nat',
    isKnown: true,
    text: 'there is a NAT, and it keeps the port',
  })
})

test('a machine imaged anew is held until its password is forgotten; then the same facts let it in', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const nodes = [...kubeNode('server-1', '10.77.0.1'), ...kubeNode('home-1', '10.77.0.2', 'False')]
  await agent.sync({ blocks: tunnel(server) })
  await server.sync({ blocks: tunnel(agent) + k3s({ nodes }) })
  await scene.machine.flush()
  const failure = { code: 'node-password', offers: 'forget-password' }
  expect(await rowOf(scene, agent.id)).toMatchObject({ failure })
  await scene.sql(
    `INSERT INTO node_requests (id, node_id, kind, args, for_node_id, timeout_seconds, asked_by, created_at, expires_at)
     VALUES (gen_random_uuid(), $1, 'k3s-forget-password', '{home-1}', $2, 60, 'test', $3, $3)`,
    [server.id, agent.id, NOON],
  )
  expect(await rowOf(scene, agent.id)).toMatchObject({ failure: null })
})

test('with --fix what the script puts right holds nothing', async () => {
  await using scene = await testScene()
  const { server } = await unlookedScene(scene)
  const rule = 'firewall iptables forward reject pods -A FORWARD -j REJECT'
  await server.sync({ blocks: preflight(rule) })
  await scene.machine.flush()
  expect(await rowOf(scene, server.id)).toMatchObject({ failure: { code: 'host-firewall' } })
  await server.sync({ blocks: preflight(rule, 'fix yes') })
  await scene.machine.flush()
  expect(await rowOf(scene, server.id)).toMatchObject({ failure: null, preflight: { critical: 1 } })
})

const asks = (blocks: string, unix = Math.floor(NOON.getTime() / 1000)) =>
  `spanwire preflight 1\nunix ${unix}\n${blocks}`

test('--check is judged with the token of its line, which stays unused, and nothing is kept', async () => {
  await using scene = await testScene()
  await clusterScene(scene)
  const invited = await scene.invite('member', 'home-2')
  const outside = await scene.machine.preflight(request(invited.token, asks(preflight())))
  expect(outside.status).toBe(204)
  await scene.sql(
    "INSERT INTO cluster_nodes (node_id, cluster_id, role, kubernetes_name) SELECT $1, id, 'agent', 'home-2' FROM clusters",
    [invited.nodeId],
  )
  expect((await scene.machine.part(request(invited.token, ''))).status).toBe(200)
  const answer = await scene.machine.preflight(request(invited.token, asks(preflight('kubeadm yes'))))
  expect(answer.status).toBe(200)
  expect(answer.body).toMatch(
    /^stops yes\ncritical: kubernetes-present: .*\n {2}evidence: kubeadm yes\n {2}fix: Take it off first/,
  )
  const good = await scene.machine.preflight(request(invited.token, asks(preflight())))
  expect(good.body).toMatch(/^stops no\n(not known: .*\n)*nothing stands in the way of k3s here\n$/)
  const behind = asks(preflight(), Math.floor(NOON.getTime() / 1000) - 900)
  expect((await scene.machine.preflight(request(invited.token, behind))).body).toContain('clock-wrong')
  const damaged = await scene.machine.preflight(request(invited.token, asks(preflight('cpus two'))))
  expect(damaged.body).toMatch(/^stops yes\ncritical: facts-unreadable: .*\n {2}evidence: line \d+ /)
  expect(await scene.sql('SELECT uses FROM join_tokens WHERE node_id = $1', [invited.nodeId])).toEqual([{ uses: 0 }])
  expect(await scene.sql('SELECT 1 FROM preflights WHERE node_id = $1', [invited.nodeId])).toEqual([])
})

test('a token that ended or never was is refused, and a node that asks by its credential is heard at once', async () => {
  await using scene = await testScene()
  const { server } = await unlookedScene(scene)
  const nobody = await scene.machine.preflight(request(`swj_${'x'.repeat(43)}`, asks(preflight())))
  expect(nobody.status).toBe(401)
  expect((await scene.machine.part(request(`swj_${'x'.repeat(43)}`, ''))).status).toBe(401)
  expect((await scene.machine.preflight(request(server.credential, 'spanwire preflight 1\n'))).status).toBe(400)
  const answer = await scene.machine.preflight(request(server.credential, asks(preflight())))
  expect(answer.body).toContain('stops no')
  await lookAfter(scene)
  expect(await filesOf(scene, server)).toContain('k3s/install')
})
