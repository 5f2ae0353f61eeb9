import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Host } from './host.ts'
import type { HostFirewall } from './host-firewall.ts'
import { Lab } from './lab.ts'
import { ping } from './ping.ts'
import { udpProbe } from './udp-probe.ts'

let lab: Lab
let host: Host

beforeAll(async () => {
  lab = await Lab.create()
  host = await lab.publicHost('one')
})
afterAll(() => lab?.[Symbol.asyncDispose]())

describe('a host', () => {
  test('has its own name, processes, interfaces, machine id and board id', async () => {
    const other = await lab.publicHost('two')
    expect(await host.output('hostname')).toBe('one\n')
    expect(await host.output('ls /sys/class/net')).toBe('eth0\nlo\n')
    expect(host.processes('sleep')).toEqual([])
    await using _ = host.spawn('echo on; sleep 60')
    await _.waitFor(/on/)
    expect(host.processes('sleep')).toHaveLength(1)
    expect(other.processes('sleep')).toEqual([])
    for (const id of ['/etc/machine-id', '/sys/class/dmi/id/product_uuid', '/proc/sys/kernel/random/boot_id']) {
      expect(await host.readFile(id)).not.toBe(await other.readFile(id))
    }
  })

  test('sees an interface under /sys as soon as it is there, though it was asked for before', async () => {
    const made = await host.output(
      '[ -e /sys/class/net/span9 ] || echo no; ip tuntap add span9 mode tun; [ -e /sys/class/net/span9 ] && echo yes; ip link del span9',
    )
    expect(made).toBe('no\nyes\n')
  })

  test('writes to its own disk only', async () => {
    await host.writeFile('/etc/spanwire/note', 'mine', 0o600)
    expect(await host.output('stat -c %a /etc/spanwire/note; cat /etc/spanwire/note')).toBe('600\nmine')
    expect((await lab.host('two').exec('ls /etc/spanwire/note')).code).not.toBe(0)
    const { stderr } = await host.exec('touch /usr/bin/mine')
    expect(stderr).toContain('Read-only')
  })

  test('cannot reach the clock, the modules or the knobs of the machine', async () => {
    expect((await host.exec('/usr/bin/date -s @0')).stderr).toContain('not permitted')
    expect((await host.exec('echo 1 > /proc/sys/vm/drop_caches')).code).not.toBe(0)
    expect((await host.exec('echo 1 > /proc/sys/net/ipv4/ip_forward')).code).toBe(0)
  })

  test('runs a pasted line with sudo in it', async () => {
    const line = `echo 'echo "$1 $(id -u)"' | sudo -E sh -s -- --token`
    expect(await host.exec(line)).toEqual({ code: 0, stdout: '--token 0\n', stderr: '' })
    expect(await host.output('sudo FOO=bar sh -c "echo \\$FOO"')).toBe('bar\n')
  })

  test('gives a command its input and variables, and returns its status', async () => {
    const ran = await host.exec('read -r line; echo "$line $WORD"; exit 7', { stdin: 'in\n', env: { WORD: 'out' } })
    expect(ran).toEqual({ code: 7, stdout: 'in out\n', stderr: '' })
    await expect(host.output('echo broken >&2; exit 1')).rejects.toThrow('broken')
    await expect(host.exec('sleep 30', { timeoutMs: 200 })).rejects.toThrow('did not end')
    await expect.poll(() => host.processes('sleep')).toEqual([])
  })

  test('reaps orphans, so that a dead daemon does not look alive', async () => {
    const pid = (await host.output("(sh -c 'echo $$; exec sleep 60' > /tmp/pid &); sleep 0.2; cat /tmp/pid")).trim()
    await host.output(`kill ${pid}; sleep 0.2`)
    expect((await host.exec(`kill -0 ${pid}`)).code).not.toBe(0)
  })

  test('a process can be paused, and naming one that is not there is an error', async () => {
    await using ticking = host.spawn('while :; do echo tick; sleep 0.05; done')
    await ticking.waitFor(/tick/)
    host.pause(/echo tick/)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const paused = ticking.stdout.length
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(ticking.stdout.length).toBe(paused)
    host.resume(/echo tick/)
    await expect.poll(() => ticking.stdout.length).toBeGreaterThan(paused)
    expect(() => host.pause('no-such-process')).toThrow('runs no process')
  })

  test('its clock can be wrong without the machine noticing', async () => {
    const offset = async () => Number(await host.output('date +%s')) - Date.now() / 1000
    await host.stepClock(-7200)
    expect(await offset()).toBeCloseTo(-7200, -1)
    expect(await host.output('date -u -d @0 +%Y')).toBe('1970\n')
    await host.stepClock(0)
    expect(await offset()).toBeCloseTo(0, -1)
  })
})

describe('a reboot', () => {
  test('ends paused processes too', async () => {
    await using asleep = host.spawn('sleep 300')
    await expect.poll(() => host.processes('sleep').length).toBe(1)
    host.pause('sleep')
    await host.reboot()
    expect(host.processes('sleep')).toEqual([])
    expect(await asleep.exited).not.toBe(0)
  })

  test('keeps the disk and loses what was in memory', async () => {
    await using _ = host.spawn('sleep 300')
    await host.output(`mkdir -p /run/spanwire /var/lib/spanwire
      echo x | tee /run/spanwire/x /tmp/x /var/lib/spanwire/x /etc/kept /usr/local/bin/kept > /dev/null
      rm /etc/hostname; ip tuntap add span0 mode tun; ip rule add pref 7700 lookup 7700; nft add table inet spanwire`)
    const bootId = await host.readFile('/proc/sys/kernel/random/boot_id')
    const machineId = await host.readFile('/etc/machine-id')
    const mac = await host.readFile('/sys/class/net/eth0/address')
    await host.reboot()
    expect(await host.output('ls /run /tmp')).toBe('/run:\nlock\nsystemd\n\n/tmp:\n')
    expect(await host.output('cat /var/lib/spanwire/x /etc/kept /usr/local/bin/kept')).toBe('x\nx\nx\n')
    expect((await host.exec('cat /etc/hostname')).code).not.toBe(0)
    expect(await host.output('ls /sys/class/net; ip rule show pref 7700; nft list tables')).toBe('eth0\nlo\n')
    expect(await host.readFile('/proc/sys/kernel/random/boot_id')).not.toBe(bootId)
    expect(await host.readFile('/etc/machine-id')).toBe(machineId)
    expect(await host.readFile('/sys/class/net/eth0/address')).toBe(mac)
    expect(Number((await host.readFile('/proc/uptime')).split(' ')[0])).toBeLessThan(10)
    expect(host.processes('sleep')).toEqual([])
  })

  test('while it is off nobody answers, and its disk can be read and changed', async () => {
    const other = lab.host('two')
    expect(await ping(other, host.address, { count: 2 })).toMatchObject({ lost: 0 })
    await host.powerOff()
    expect(await ping(other, host.address, { count: 2 })).toMatchObject({ received: 0 })
    await expect(async () => host.exec('true')).rejects.toThrow('powered off')
    await host.writeFile('/etc/kept', 'changed')
    expect(await host.readFile('/etc/kept')).toBe('changed')
    await host.powerOn()
    expect(await host.output('cat /etc/kept')).toBe('changed')
    expect(await ping(other, host.address, { count: 2 })).toMatchObject({ lost: 0 })
  })

  test('a cut outlives it', async () => {
    await host.cut()
    await host.reboot()
    expect(await ping(lab.host('two'), host.address, { count: 2 })).toMatchObject({ received: 0 })
    await host.heal()
    expect(await ping(lab.host('two'), host.address, { count: 2 })).toMatchObject({ lost: 0 })
  })
})

test('a clone has the disk of the other and a board of its own, unless it is a copy of the machine too', async () => {
  await host.writeFile('/var/lib/spanwire/key', 'secret')
  const clone = await lab.clone(host, 'copy')
  expect(await clone.readFile('/var/lib/spanwire/key')).toBe('secret')
  expect(await clone.readFile('/etc/machine-id')).toBe(await host.readFile('/etc/machine-id'))
  expect(await clone.readFile('/sys/class/dmi/id/product_uuid')).not.toBe(`${host.boardId}\n`)
  await clone.writeFile('/var/lib/spanwire/key', 'its own')
  expect(await host.readFile('/var/lib/spanwire/key')).toBe('secret')
  const twin = await lab.clone(host, 'twin', { boardId: host.boardId })
  expect(await twin.readFile('/sys/class/dmi/id/product_uuid')).toBe(`${host.boardId}\n`)
})

describe('a host firewall', () => {
  test.each<{ firewall: HostFirewall; letsIn: boolean }>([
    { firewall: 'centos-reject', letsIn: false },
    { firewall: 'ufw-like', letsIn: false },
    { firewall: 'docker-forward-drop', letsIn: true },
  ])('$firewall: lets new UDP in: $letsIn; forwards nothing', async ({ firewall, letsIn }) => {
    const walled = await lab.publicHost(`walled-${firewall}`, { firewall })
    expect(await ping(walled, host.address, { count: 1 })).toMatchObject({ lost: 0 })
    await using hearing = udpProbe.listen(walled, 51_820)
    await hearing.waitFor(/bound/)
    await udpProbe.send(host, 51_820, walled.address, 51_820, 'knock')
    if (letsIn) await hearing.waitFor(/knock/)
    else await expect(hearing.waitFor(/knock/, 500)).rejects.toThrow('within')

    // Through the walled machine, as a gateway's traffic would go. A redirect would show the way around it.
    await walled.output('cd /proc/sys/net/ipv4; echo 1 > ip_forward; echo 0 | tee conf/*/send_redirects > /dev/null')
    await using server = createServer((_, answer) => answer.end('reached'))
    await new Promise<void>((resolve) => server.listen(8080, '203.0.113.10', resolve))
    const fetched = () => host.exec('curl -sS --connect-timeout 2 http://203.0.113.10:8080/')
    await host.output(`ip route add 203.0.113.10/32 via ${walled.address}`)
    expect(await fetched()).toMatchObject({ stdout: '' })
    await walled.output('iptables -I FORWARD -j ACCEPT')
    expect(await fetched()).toMatchObject({ stdout: 'reached' })
    await host.output(`ip route del 203.0.113.10/32 via ${walled.address}`)
  })
})
