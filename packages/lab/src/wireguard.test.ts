import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Host } from './host.ts'
import { Lab } from './lab.ts'
import { ping, pingWhile } from './ping.ts'
import { TcpStream } from './tcp-stream.ts'

// The same interface name on every machine: wireguard-go keeps its socket under /var/run/wireguard, which is the host's own.
const UP = `set -eu
umask 077
[ -f /etc/wg.key ] || wg genkey > /etc/wg.key
wireguard-go span0 > /dev/null 2>&1
wg set span0 private-key /etc/wg.key listen-port 51820
ip addr add "$ADDRESS" dev span0
ip link set span0 mtu 1420 up
wg show span0 public-key`

let lab: Lab
let gateway: Host
let members: Host[]

beforeAll(async () => {
  lab = await Lab.create()
  gateway = await lab.publicHost('gw-1')
  const homes = [await lab.home('home-1'), await lab.home('home-2', { nat: 'random' })]
  members = await Promise.all(homes.map((home, index) => home.host(`member-${index + 1}`)))
  const gatewayKey = await up(gateway, '10.77.0.1/16')
  for (const [index, member] of members.entries()) {
    const address = `10.77.0.${index + 2}`
    const key = await up(member, `${address}/16`)
    await gateway.output(`wg set span0 peer ${key} allowed-ips ${address}/32`)
    await connect(member, gatewayKey)
  }
  await gateway.output('echo 1 > /proc/sys/net/ipv4/ip_forward')
})
afterAll(() => lab?.[Symbol.asyncDispose]())

async function up(host: Host, address: string): Promise<string> {
  return (await host.output(UP, { env: { ADDRESS: address } })).trim()
}

function connect(member: Host, gatewayKey: string): Promise<string> {
  const peer = `endpoint ${gateway.address}:51820 persistent-keepalive 5 allowed-ips 10.77.0.0/16`
  return member.output(`wg set span0 peer ${gatewayKey} ${peer}`)
}

test('tunnels come up through both kinds of NAT, and carry pings and a TCP stream from home to home', async () => {
  const [first, second] = members as [Host, Host]
  expect(await ping(first, '10.77.0.1', { count: 10 })).toMatchObject({ lost: 0 })
  expect(await ping(second, '10.77.0.2', { count: 10 })).toMatchObject({ lost: 0 })
  await using stream = await TcpStream.open(first, second, '10.77.0.3')
  await stream.moved(200_000)
  expect((await stream.close()).gaps).toEqual([])
})

test('the same interface name lives in every host at once, and on the machine there is none', async () => {
  for (const host of [gateway, ...members]) {
    expect(host.processes('wireguard-go')).toHaveLength(1)
    expect(await host.output('ls /var/run/wireguard /sys/class/net')).toContain('span0')
  }
  expect(existsSync('/var/run/wireguard/span0.sock')).toBe(false)
})

test('the random NAT shows a port of its own choice to the gateway, the other one keeps it', async () => {
  const endpoints = await gateway.output('wg show span0 endpoints')
  expect(endpoints).toContain(`${lab.host('member-1').publicAddress}:51820`)
  expect(endpoints).toContain(`${lab.host('member-2').publicAddress}:`)
  expect(endpoints).not.toContain(`${lab.host('member-2').publicAddress}:51820`)
})

test('UDP that is cut for one member leaves the other alone and passes again when healed', async () => {
  const [first, second] = members as [Host, Host]
  await first.cutUdp({ port: 51_820, to: gateway })
  expect(await ping(first, '10.77.0.1', { count: 3 })).toMatchObject({ received: 0 })
  expect(await ping(second, '10.77.0.1', { count: 3 })).toMatchObject({ lost: 0 })
  expect(await ping(first, gateway.address, { count: 3 })).toMatchObject({ lost: 0 })
  await first.healUdp()
  expect(await ping(first, '10.77.0.1', { count: 3 })).toMatchObject({ lost: 0 })
})

test('a paused wireguard-go answers nothing, with no interface gone', async () => {
  const [first] = members as [Host]
  const lost = await pingWhile(first, '10.77.0.1', async () => {
    gateway.pause('wireguard-go')
    await new Promise((resolve) => setTimeout(resolve, 500))
    gateway.resume('wireguard-go')
    await new Promise((resolve) => setTimeout(resolve, 500))
  })
  expect(lost.sent).toBeGreaterThan(10)
  expect(lost.rttMs?.max).toBeGreaterThan(200)
})

test('a reboot takes the interface and its process away; the key on the disk brings the tunnel back', async () => {
  const [first] = members as [Host]
  const gatewayKey = (await gateway.output('wg show span0 public-key')).trim()
  await first.reboot()
  expect((await first.exec('ip link show span0')).code).not.toBe(0)
  expect(first.processes('wireguard-go')).toEqual([])
  expect((await first.exec('ls /var/run/wireguard')).code).not.toBe(0)
  await up(first, '10.77.0.2/16')
  await connect(first, gatewayKey)
  expect(await ping(first, '10.77.0.3', { count: 10 })).toMatchObject({ lost: 0 })
})
