import { expect, test } from 'vitest'
import type { Context } from '../context.ts'
import { type Joined, type Scene, testScene } from '../machine/test-machine.ts'
import { addMember } from '../member/add-member.ts'
import { removeMember } from '../member/remove-member.ts'
import { setMemberRole } from '../member/set-member-role.ts'
import { testCertificate, testRequest } from '../test-certificate.ts'
import { downloadKubeconfig } from './download-kubeconfig.ts'
import { kubeconfigState } from './kubeconfig-state.ts'
import { requestKubeconfig } from './request-kubeconfig.ts'
import { answer, bundleOf, CA, clusterScene, k3s, kubeNode, NOON, openRequests } from './test-k3s.ts'

const idOf = ({ actor }: Context) => (actor.kind === 'person' ? actor.userId : '')

const viewerOf = (scene: Scene) => ({
  commonName: 'viewer@acme.test',
  organization: `spanwire:${idOf(scene.world.viewer)}`,
})

async function running(scene: Scene): Promise<Joined> {
  const { server } = await clusterScene(scene)
  await server.sync({ blocks: k3s({ nodes: kubeNode('server-1', '10.77.0.1') }) })
  await scene.machine.flush()
  await scene.sql('UPDATE clusters SET ca_pem = $1', [CA])
  return server
}

const ask = (scene: Scene, csr: string, ctx: Context = scene.world.viewer) =>
  requestKubeconfig(ctx, { networkId: scene.networkId, csr })

test('a person asks, a server signs, and the certificate is fetched once; each of it is in the log', async () => {
  await using scene = await testScene()
  const server = await running(scene)
  const viewer = viewerOf(scene)
  const csr = testRequest(viewer)
  const { id, on } = await ask(scene, csr.pem)
  expect(on).toBe('server-1')
  expect(await kubeconfigState(scene.world.viewer, { id })).toMatchObject({
    state: 'asked',
    sentence: 'Waiting for server-1 to sign it, asked 0 s ago.',
  })
  const bundle = await bundleOf(scene, server)
  const [request] = openRequests(bundle.get('requests')).filter(({ kind }) => kind === 'k3s-sign')
  expect(request).toEqual({ id, kind: 'k3s-sign', args: [expect.stringMatching(/^[a-p]{32}$/), '43200'] })
  expect(bundle.get(`k3s/csr.${request?.args[0]}`)).toBe(csr.pem)
  const certificatePem = testCertificate(csr.spki, viewer, NOON)
  await answer(scene, server, id, { secret: certificatePem })
  expect(await kubeconfigState(scene.world.viewer, { id })).toMatchObject({ state: 'done' })
  expect((await bundleOf(scene, server)).has(`k3s/csr.${request?.args[0]}`)).toBe(false)
  const fetched = await downloadKubeconfig(scene.world.viewer, { id })
  expect(fetched).toEqual({
    cluster: 'home-lab',
    server: 'https://10.77.0.1:6443',
    caPem: CA,
    certificatePem: certificatePem.trim(),
    user: 'viewer@acme.test',
    until: '2026-03-02T00:00:00.000Z',
  })
  await expect(downloadKubeconfig(scene.world.viewer, { id })).rejects.toMatchObject({ reason: 'nothing-to-fetch' })
  const events = await scene.sql<{ action: string }>(
    "SELECT action FROM events WHERE action LIKE 'cluster.kube%' ORDER BY id",
  )
  expect(events.map(({ action }) => action)).toEqual(['cluster.kubeconfig-asked', 'cluster.kubeconfig'])
})

test.each([
  ['the group of another person', ({ world }: Scene) => ({ organization: `spanwire:${idOf(world.owner)}` })],
  ['the masters of Kubernetes', () => ({ organization: 'system:masters' })],
  ['the name of somebody else', () => ({ commonName: 'owner@acme.test' })],
])('a request with %s is refused, and nothing is asked', async (_, other) => {
  await using scene = await testScene()
  await running(scene)
  await expect(ask(scene, testRequest({ ...viewerOf(scene), ...other(scene) }).pem)).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    field: 'csr',
  })
  expect(await scene.sql("SELECT 1 FROM node_requests WHERE kind = 'k3s-sign'")).toEqual([])
})

test('what a server answers is believed only when it is for this key and this person', async () => {
  await using scene = await testScene()
  const server = await running(scene)
  const viewer = viewerOf(scene)
  for (const wrong of [
    testCertificate(testRequest(viewer).spki, viewer, NOON),
    testCertificate(testRequest(viewer).spki, { ...viewer, organization: 'system:masters' }, NOON),
    'hello',
  ]) {
    const { id } = await ask(scene, testRequest(viewerOf(scene)).pem)
    await answer(scene, server, id, { secret: wrong })
    await expect(downloadKubeconfig(scene.world.viewer, { id })).rejects.toMatchObject({ reason: 'wrong-certificate' })
  }
})

test("another person's request is as one that never was, for an owner too; an API key has no certificate", async () => {
  await using scene = await testScene()
  await running(scene)
  const { id } = await ask(scene, testRequest(viewerOf(scene)).pem)
  for (const ctx of [scene.world.owner, scene.world.stranger]) {
    await expect(kubeconfigState(ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(downloadKubeconfig(ctx, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
  const organizationId = scene.world.organization.id
  const key = scene.world.as({ kind: 'api-key', id: 'x', name: 'viewer@acme.test', organizationId, role: 'viewer' })
  await expect(ask(scene, testRequest(viewerOf(scene)).pem, key)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(kubeconfigState(key, { id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('without a server that reports nobody is asked', async () => {
  await using scene = await testScene()
  await running(scene)
  scene.world.setNow(new Date(NOON.getTime() + 120_000))
  await expect(ask(scene, testRequest(viewerOf(scene)).pem)).rejects.toMatchObject({ reason: 'no-server' })
})

/** ClusterRole of Kubernetes → the persons that the first server binds to it. */
async function boundBy(scene: Scene, server: Joined): Promise<Map<string, string[]>> {
  const access = (await bundleOf(scene, server)).get('k3s/access.yaml') ?? ''
  const bindings = access.split('---\n').map((text): [string, string[]] => {
    const people = [...text.matchAll(/name: "spanwire:([0-9a-f-]+)"/g)].map(([, id]) => id ?? '')
    return [/name: spanwire-([a-z]+)/.exec(text)?.[1] ?? '', people]
  })
  return new Map(bindings)
}

test('a role that is taken away is away in the cluster too, though the certificate lives on', async () => {
  await using scene = await testScene()
  const server = await running(scene)
  const [operator, viewer] = [idOf(scene.world.operator), idOf(scene.world.viewer)]
  expect(await boundBy(scene, server)).toEqual(
    new Map([
      ['viewer', [viewer]],
      ['operator', [operator]],
      ['admin', [idOf(scene.world.admin)]],
      ['owner', [idOf(scene.world.owner)]],
    ]),
  )
  await setMemberRole(scene.world.owner, { userId: operator, role: 'viewer' })
  const less = await boundBy(scene, server)
  expect([less.get('operator'), less.get('viewer')]).toEqual([[], [operator, viewer].sort()])
  await removeMember(scene.world.owner, { userId: operator })
  expect([...(await boundBy(scene, server)).values()].flat()).not.toContain(operator)
  const { userId } = await addMember(scene.world.owner, {
    name: 'Ada',
    email: 'ada@acme.test',
    password: 'correct horse battery',
    role: 'admin',
  })
  expect((await boundBy(scene, server)).get('admin')).toContain(userId)
  expect([...(await boundBy(scene, server)).values()].flat()).not.toContain(idOf(scene.world.stranger))
})

test('people change while nothing restarts: only the manifest of a server is another, none of an agent', async () => {
  await using scene = await testScene()
  const { server, agent } = await clusterScene(scene)
  const [before, idle] = [await bundleOf(scene, server), await bundleOf(scene, agent)]
  await setMemberRole(scene.world.owner, { userId: idOf(scene.world.operator), role: 'viewer' })
  const after = await bundleOf(scene, server)
  const changed = [...after].filter(([name, text]) => name.startsWith('k3s/') && before.get(name) !== text)
  expect(changed.map(([name]) => name)).toEqual(['k3s/access.yaml'])
  expect((await bundleOf(scene, agent)).get('k3s/config.yaml')).toBe(idle.get('k3s/config.yaml'))
})
