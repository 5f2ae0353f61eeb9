import { ping, pingWhile } from '@spanwire/lab/ping'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { Rotation } from './keys-lab.ts'
import { NodeLab } from './node-lab.ts'
import { PathsLab } from './paths-lab.ts'
import { until } from './until.ts'

/** Two gateways and two members, each with two tunnels; keys are rotated under pings of the tunnels that change and of those that do not. */
let lab: NodeLab
let net: PathsLab

beforeAll(async () => {
  lab = await NodeLab.create()
  net = await PathsLab.on(lab, 'planner')
  await net.gateway('gw-1', { init: 'systemd' })
  await net.gateway('gw-2', { shell: 'busybox ash' })
  const init = { init: 'systemd' } as const
  await Promise.all([net.member('red', ['gw-1', 'gw-2'], undefined, init), net.member('blue', ['gw-1', 'gw-2'])])
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
})
afterAll(() => lab?.[Symbol.asyncDispose]())
afterEach(() => {
  net.server.bend = undefined
})

const keyOf = async (name: string) => (await net.host(name).output('wg show span0 public-key')).trim()
/** Of pings at 20 a second: a handshake and the look that follows it, on a machine that has much to do. */
const ONE_HANDSHAKE = 30

async function inSync(): Promise<void> {
  for (const machine of net.machines.values()) await machine.synced(90_000)
}

/** Both gateways answer each member by its own tunnel, so that a ping of one takes no other. */
async function settled(): Promise<void> {
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
  for (const gateway of ['gw-1', 'gw-2'])
    for (const member of ['red', 'blue']) await net.goes(gateway, member, 'span0', 60_000)
}

async function nothingIsLeft(name: string): Promise<void> {
  const left = () => net.host(name).exec('ls /etc/spanwire /run/spanwire/part /var/lib/spanwire/script')
  await until(
    `nothing to be left of it on ${name}`,
    20_000,
    async () => !/former|next|rotation|keys/.test((await left()).stdout),
  )
}

test('a member takes new keys: other tunnels lose nothing, its own no more than a handshake', async () => {
  await settled()
  const before = await keyOf('red')
  const rotation = new Rotation(net, 'red')
  let own = { lost: -1 }
  const others = await pingWhile(net.host('blue'), net.address('gw-1'), async () => {
    own = await pingWhile(net.host('blue'), net.address('red'), async () => {
      await rotation.stage('gw-1', 'gw-2')
      rotation.take()
      await rotation.finish()
      await inSync()
    })
  })
  expect(others).toMatchObject({ lost: 0 })
  expect(own.lost).toBeLessThanOrEqual(ONE_HANDSHAKE)
  expect(await keyOf('red')).not.toBe(before)
  expect(await net.host('gw-1').output('wg show all peers')).not.toContain(before)
  await nothingIsLeft('red')
  await nothingIsLeft('gw-1')
})

test('a gateway takes new keys with the server dead from the switch on: peers follow by themselves, and no mend undoes it', async () => {
  await settled()
  const before = await keyOf('gw-1')
  const rotation = new Rotation(net, 'gw-1')
  await rotation.stage('gw-2', 'red', 'blue')
  let others = { lost: -1 }
  const own = await pingWhile(net.host('red'), net.address('blue'), async () => {
    others = await pingWhile(net.host('red'), net.address('gw-2'), async () => {
      rotation.take()
      await inSync()
      // Reports come in, and nothing goes out.
      net.server.bend = ({ path }) => (path.startsWith('/node/v1/sync') ? { status: 503, body: '' } : undefined)
      net.server.release()
      for (const name of ['red', 'blue', 'gw-2'])
        await until(`${name} to follow`, 30_000, async () =>
          (await net.host(name).output('cat /run/spanwire/keys/has')).includes('moved'),
        )
    })
  })
  expect(own.lost).toBeLessThanOrEqual(ONE_HANDSHAKE)
  expect(others).toMatchObject({ lost: 0 })
  expect(await keyOf('gw-1')).not.toBe(before)
  // Each minute the core puts its peers as its files say.
  const later = await pingWhile(
    net.host('red'),
    net.address('blue'),
    () => new Promise((done) => setTimeout(done, 70_000)),
  )
  expect(later).toMatchObject({ lost: 0 })
  net.server.bend = undefined
  await rotation.finish()
  await inSync()
  expect(await net.host('red').output('wg show all peers')).not.toContain(before)
}, 300_000)

test('power is lost on both ends in the middle of it: they boot, shake hands and go on without the server', async () => {
  const rotation = new Rotation(net, 'red')
  await rotation.stage('gw-1', 'gw-2')
  rotation.take()
  await until(
    'the next keys to be taken',
    30_000,
    async () => (await net.host('red').output('cat /etc/spanwire/rotation')).includes('switching'),
    50,
  )
  await Promise.all(['red', 'gw-1'].map((name) => net.host(name).powerOff()))
  net.server.bend = ({ path }) => (path.startsWith('/node/v1/sync') ? { status: 503, body: '' } : undefined)
  await Promise.all(['red', 'gw-1'].map((name) => net.host(name).powerOn()))
  await until('it to be proven', 60_000, async () =>
    (await net.host('red').output('cat /etc/spanwire/rotation')).includes('proven'),
  )
  expect((await net.host('red').output('wg pubkey </etc/spanwire/private.key')).trim()).toBe(await keyOf('red'))
  // It was proven with either gateway; the one that was off as well has its own boot to end.
  const pings = () => ping(net.host('red'), net.address('gw-1'), { count: 40, intervalSeconds: 0.05 })
  await until('nothing to be lost on the way to gw-1', 60_000, async () => (await pings()).lost === 0)
  net.server.bend = undefined
  await rotation.finish()
  await inSync()
  await net.alive('gw-1', 'gw-2', 'red', 'blue')
}, 300_000)

test('nobody answers under the next key: the node goes back by itself after 30 s, and says so', async () => {
  const before = await keyOf('red')
  // Told to switch although no peer has the key: what no server does, and a person could.
  const rotation = new Rotation(net, 'red')
  await rotation.says(new RegExp(`^rotation ${rotation.id} made$`, 'm'))
  rotation.take()
  await rotation.says(new RegExp(`^rotation ${rotation.id} returned$`, 'm'), 'red', 60_000)
  expect(rotation.said()).toMatch(/^why no peer answered under the next key within 30 s$/m)
  expect(await keyOf('red')).toBe(before)
  rotation.end()
  await net.alive('red', 'blue', 'gw-1', 'gw-2')
  await nothingIsLeft('red')
}, 300_000)
