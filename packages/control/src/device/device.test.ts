import { expect, test } from 'vitest'
import { createCluster } from '../cluster/create-cluster.ts'
import { proposeCluster } from '../cluster/propose-cluster.ts'
import { bundleOf, NOON, tunnel } from '../cluster/test-k3s.ts'
import {
  codeOf,
  enrolText,
  type Joined,
  publicKey,
  request,
  type Scene,
  testNode,
  testScene,
} from '../machine/test-machine.ts'
import { removeMember } from '../member/remove-member.ts'
import { updateNetwork } from '../network/update-network.ts'
import { pauseNode } from '../node/pause-node.ts'
import { updateNode } from '../node/update-node.ts'
import { confirmDeviceFile } from './confirm-device-file.ts'
import { createDevice } from './create-device.ts'
import { endDevices } from './end-devices.ts'
import { getDeviceConfig } from './get-device-config.ts'
import { listDevices } from './list-devices.ts'
import { revokeDevice } from './revoke-device.ts'

async function network(scene: Scene) {
  scene.world.setNow(NOON)
  return { gateway: await scene.join('gateway', 'gw-fra'), member: await scene.join('member', 'home-1') }
}

const add = (scene: Scene, name = 'phone', expiresInDays: number | null = 30) =>
  createDevice(scene.world.viewer, { networkId: scene.networkId, name, publicKey: publicKey(), expiresInDays })

const peersOf = async (scene: Scene, node: Joined) => (await bundleOf(scene, node)).get('peers/span0') ?? ''

test('a device is a peer of the gateway alone, for exactly its own addresses, and nothing pings it', async () => {
  await using scene = await testScene()
  const { gateway, member } = await network(scene)
  const { device, config } = await add(scene)
  const bundle = await bundleOf(scene, gateway)
  const peer = bundle
    .get('peers/span0')
    ?.split('[Peer]')
    .find((text) => text.includes(device.publicKey))
  expect(peer).toContain(`AllowedIPs = ${device.address4}/32, ${device.address6}/128\n`)
  expect(bundle.get('names')).toContain(`${device.publicKey} phone\n`)
  expect(bundle.get('probes')).not.toContain(device.publicKey)
  expect(await peersOf(scene, member)).not.toContain(device.publicKey)
  expect(config).toEqual({
    addresses: [`${device.address4}/32`, `${device.address6}/128`],
    mtu: 1420,
    dns: [],
    peer: {
      name: 'gw-fra',
      publicKey: gateway.publicKey,
      endpoint: '203.0.113.7:51820',
      allowedIps: ['10.77.0.0/16', 'fd12:3456:789a::/64'],
      keepaliveSeconds: 25,
    },
  })
  expect(await getDeviceConfig(scene.world.viewer, { id: device.id })).toEqual(config)
})

test('revoked it is no peer any more, its address rests, and the log knows who did it', async () => {
  await using scene = await testScene()
  const { gateway } = await network(scene)
  const { device } = await add(scene)
  expect(await peersOf(scene, gateway)).toContain(device.publicKey)
  expect(await revokeDevice(scene.world.viewer, { id: device.id })).toMatchObject({ state: 'revoked' })
  expect(await peersOf(scene, gateway)).not.toContain(device.publicKey)
  expect(await scene.sql('SELECT device_id, resting_until FROM address_leases WHERE ordinal = 3')).toEqual([
    { device_id: null, resting_until: new Date(NOON.getTime() + 7 * 86_400_000) },
  ])
  const [event] = await scene.sql("SELECT action, actor_name FROM events WHERE action = 'device.revoke'")
  expect(event).toEqual({ action: 'device.revoke', actor_name: 'viewer@acme.test' })
  await expect(getDeviceConfig(scene.world.viewer, { id: device.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('its expiry ends it, and so does its person leaving the organization', async () => {
  await using scene = await testScene()
  const { gateway } = await network(scene)
  const { device: short } = await add(scene, 'short', 1)
  const { device: long } = await add(scene, 'long', null)
  scene.world.setNow(new Date(NOON.getTime() + 86_400_000))
  await endDevices(scene.deps)
  let peers = await peersOf(scene, gateway)
  expect([peers.includes(short.publicKey), peers.includes(long.publicKey)]).toEqual([false, true])
  expect((await listDevices(scene.world.viewer, { networkId: scene.networkId })).map(({ state }) => state)).toEqual([
    'active',
    'expired',
  ])
  const { actor } = scene.world.viewer
  await scene.sql('DELETE FROM memberships WHERE user_id = $1', [actor.kind === 'person' ? actor.userId : ''])
  await endDevices(scene.deps)
  peers = await peersOf(scene, gateway)
  expect(peers).not.toContain(long.publicKey)
  // The clock of the test stands: both ended at the same moment.
  expect(
    await scene.sql("SELECT after->>'because' because FROM events WHERE action = 'device.end' ORDER BY because DESC"),
  ).toEqual([{ because: 'its time is over' }, { because: 'its person has left the organization' }])
})

test('with the account of its person a device goes at once, and its address rests', async () => {
  await using scene = await testScene()
  const { gateway } = await network(scene)
  const { device } = await add(scene)
  expect(await peersOf(scene, gateway)).toContain(device.publicKey)
  const { actor } = scene.world.viewer
  await removeMember(scene.world.owner, { userId: actor.kind === 'person' ? actor.userId : '' })
  expect(await peersOf(scene, gateway)).not.toContain(device.publicKey)
  expect(await scene.sql('SELECT device_id, resting_until FROM address_leases WHERE ordinal = 3')).toEqual([
    { device_id: null, resting_until: new Date(NOON.getTime() + 7 * 86_400_000) },
  ])
  expect(await scene.sql("SELECT before->'devices' devices FROM events WHERE action = 'member.remove'")).toEqual([
    { devices: ['phone'] },
  ])
})

test('everybody has their own; admins see and end all; another organization sees none', async () => {
  await using scene = await testScene()
  await network(scene)
  const { world, networkId } = scene
  const { device } = await add(scene)
  expect(await listDevices(world.operator, { networkId })).toEqual([])
  await expect(revokeDevice(world.operator, { id: device.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(getDeviceConfig(world.operator, { id: device.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(listDevices(world.stranger, { networkId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(revokeDevice(world.stranger, { id: device.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await listDevices(world.admin, { networkId })).toMatchObject([{ owner: 'viewer@acme.test', mine: false }])
  expect(await revokeDevice(world.admin, { id: device.id })).toMatchObject({ state: 'revoked' })
})

test('handshake and traffic are as its gateway reports them; what nobody measured is not known', async () => {
  await using scene = await testScene()
  const { gateway, member } = await network(scene)
  const { device } = await add(scene)
  const read = async () => (await listDevices(scene.world.viewer, { networkId: scene.networkId }))[0]
  expect(await read()).toMatchObject({ status: 'unknown', text: 'its gateway has not spoken of it yet' })
  await bundleOf(scene, gateway)
  const report = (handshake: number) => `:wg span0 public-key
 ${gateway.publicKey}
:wg span0 endpoints
 ${device.publicKey}\t198.51.100.9:41000
:wg span0 latest-handshakes
 ${device.publicKey}\t${handshake}
:wg span0 transfer
 ${device.publicKey}\t3000\t9000
`
  await gateway.sync({ blocks: report(NOON.getTime() / 1000 - 40) + tunnel(member) })
  await scene.machine.flush()
  expect(await read()).toMatchObject({
    status: 'good',
    text: expect.stringMatching(/^connected: handshake with gw-fra 4\d s ago$/),
    endpoint: '198.51.100.9:41000',
    rxBytes: 3000,
    txBytes: 9000,
  })
  await gateway.sync({ blocks: report(0) })
  await scene.machine.flush()
  expect(await read()).toMatchObject({ status: 'none', text: 'has not connected to gw-fra yet' })
})

test('the key of a node is no key of a device, and the other way round', async () => {
  await using scene = await testScene()
  const { member } = await network(scene)
  const { world, networkId } = scene
  await expect(
    createDevice(world.viewer, { networkId, name: 'phone', publicKey: member.publicKey, expiresInDays: null }),
  ).rejects.toMatchObject({ code: 'CONFLICT', reason: 'key-in-use' })
  const { device } = await add(scene)
  await expect(
    createDevice(world.viewer, { networkId, name: 'tablet', publicKey: device.publicKey, expiresInDays: null }),
  ).rejects.toMatchObject({ reason: 'key-in-use' })
  const { token } = await scene.invite('member')
  const refused = await scene.machine.enrol(request(token, enrolText({ ...testNode(), publicKey: device.publicKey })))
  expect(codeOf(refused)).toBe('key-in-use')
})

test('one person cannot use up the range, and a network without a gateway has no devices', async () => {
  await using scene = await testScene()
  await expect(add(scene)).rejects.toMatchObject({ reason: 'gateway-first' })
  expect(await scene.sql('SELECT 1 FROM devices')).toEqual([])
  await network(scene)
  for (let i = 0; i < 20; i++) await add(scene, `phone-${i}`)
  await expect(add(scene)).rejects.toMatchObject({ reason: 'too-many-devices' })
})

test('a file of before another gateway carried, or of before another MTU, is called old until its person has changed it', async () => {
  await using scene = await testScene()
  const { world, networkId } = scene
  const { gateway } = await network(scene)
  await scene.join('gateway', 'gw-2')
  const { device } = await add(scene)
  const read = async () => (await listDevices(world.viewer, { networkId }))[0]
  expect(device).toMatchObject({ fileChanges: [], fileAt: NOON.toISOString() })
  expect(await read()).toMatchObject({ fileChanges: [] })
  await updateNode(world.operator, { id: gateway.id, name: 'gw-fra-1' })
  expect(await read()).toMatchObject({ fileChanges: [] })
  await pauseNode(world.operator, { id: gateway.id })
  await updateNetwork(world.admin, { id: networkId, mtu: 1380 })
  expect(await read()).toMatchObject({
    fileChanges: ['gw-2 is the gateway, no longer gw-fra', 'the MTU is 1380, no longer 1420'],
  })
  const shown = await getDeviceConfig(world.viewer, { id: device.id })
  expect(await read()).toMatchObject({ fileChanges: [expect.anything(), expect.anything()] })
  await updateNetwork(world.admin, { id: networkId, mtu: 1400 })
  await expect(confirmDeviceFile(world.viewer, { id: device.id, config: shown })).rejects.toMatchObject({
    reason: 'changed-meanwhile',
  })
  const config = await getDeviceConfig(world.viewer, { id: device.id })
  world.setNow(new Date(NOON.getTime() + 60_000))
  expect(await confirmDeviceFile(world.viewer, { id: device.id, config })).toMatchObject({ fileChanges: [] })
  expect(await read()).toMatchObject({ fileChanges: [], fileAt: '2026-03-01T12:01:00.000Z' })
  await expect(confirmDeviceFile(world.operator, { id: device.id, config })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await scene.sql("SELECT after FROM events WHERE action = 'device.confirm-file'")).toMatchObject([
    { after: { gateway: 'gw-2' } },
  ])
})

test('a cluster with pods in the tunnel makes older files short of its ranges; without a gateway nothing is said', async () => {
  await using scene = await testScene()
  const { gateway } = await network(scene)
  await add(scene)
  const read = async () => (await listDevices(scene.world.viewer, { networkId: scene.networkId }))[0]
  const { settings } = await proposeCluster(scene.world.viewer, { networkId: scene.networkId })
  await createCluster(scene.world.admin, { networkId: scene.networkId, settings })
  expect(await read()).toMatchObject({ fileChanges: [expect.stringContaining('the tunnel leads to 10.42.0.0/16')] })
  await pauseNode(scene.world.operator, { id: gateway.id })
  expect(await read()).toMatchObject({ fileChanges: [] })
})
