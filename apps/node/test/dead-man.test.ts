import type { BundleFile } from '@spanwire/mesh/protocol/render-bundle'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Machine } from './machine.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

// docs/protocol.md: 45 s without a trial sync. The rest is for noticing it once a second and for putting everything back.
const BACK_WITHIN_MS = (45 + 15) * 1000
const NOT_BEFORE_MS = 40_000

test.concurrent('a bundle that cuts the machine off goes back by itself, and is not taken again', async () => {
  const { machine, before, publishCut } = await joined('cut-off')
  const began = performance.now()
  await publishCut()
  await until('it as it was', BACK_WITHIN_MS, async () => (await machine.standing()) === before, 1000)
  expect(performance.now() - began).toBeGreaterThan(NOT_BEFORE_MS)
  // The server goes on offering it, twice.
  const heard = machine.server.reports.length
  await until('it asking again', 60_000, () => machine.server.reports.length >= heard + 2)
  const report = machine.server.last('cut-off')
  expect(report?.trial).toBe(null)
  expect(report?.confirmed.revision).toBeLessThan(machine.server.revision)
  expect(await machine.standing()).toBe(before)

  machine.server.edit = undefined
  machine.server.publish()
  await machine.synced()
})

test.concurrent('it goes back too when the script is killed in the middle of it', async () => {
  const { machine, before, publishCut } = await joined('killed')
  await publishCut()
  const killed = machine.host.processes(/current run$/)
  for (const { pid } of killed) process.kill(pid, 'SIGKILL')
  await until('them gone', 5_000, () => machine.host.processes(/current run$/).length === 0)
  await until('it as it was', BACK_WITHIN_MS, async () => (await machine.standing()) === before, 1000)
  expect((await machine.spanwire('status')).stdout).toMatch(/NOT running/)
  expect(await machine.spanwire('up')).toMatchObject({ code: 0 })
  expect(await machine.standing()).toBe(before)
})

test.concurrent('a machine that loses its power in the middle of it boots with what was confirmed', async () => {
  const { machine, before, publishCut } = await joined('power')
  await publishCut()
  await machine.host.reboot()
  await machine.server.close()
  expect(await machine.spanwire('up')).toMatchObject({ code: 0 })
  expect(await machine.standing()).toBe(before)
})

test.concurrent('with its server away a machine boots with the tunnels it had', async () => {
  const server = await lab.server()
  const machine = await lab.machine('boot', server)
  Object.assign(server.invite('peer', 'member'), { publicKey: PEER, state: 'active', credentialHash: '-' })
  await machine.join()
  const before = await machine.standing()
  expect(before).toContain(PEER)
  await server.close()
  await machine.host.reboot()
  const up = await machine.spanwire('up')
  expect(up).toMatchObject({ code: 0, stderr: '' })
  expect(await machine.standing()).toBe(before)
})

test.concurrent('the disk of a joined machine does not come up in another', async () => {
  const server = await lab.server()
  const machine = await lab.machine('original', server)
  await machine.join()
  const clone = await lab.lab.clone(machine.host, 'clone')
  const up = await clone.exec('/usr/local/bin/spanwire up')
  expect(up.code).not.toBe(0)
  expect(up.stderr).toMatch(/cloned-machine: .*\n {2}fix: .*spanwire leave/)
  expect(await clone.output('wg show interfaces')).toBe('')
})

const PEER = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

async function joined(name: string): Promise<{ machine: Machine; before: string; publishCut: () => Promise<void> }> {
  const server = await lab.server()
  const machine = await lab.machine(name, server)
  await machine.join()
  const before = await machine.standing()
  const publishCut = async () => {
    server.edit = cutOff
    server.publish()
    await until('the machine cut off', 30_000, async () => (await machine.standing()).includes('chain cut'))
  }
  return { machine, before, publishCut }
}

/** Everything that leaves the machine is dropped: neither server nor gateway can be reached. */
function cutOff(files: BundleFile[]): BundleFile[] {
  return files.map((file) => {
    if (file.name !== 'firewall.nft') return file
    const chain = '  chain cut {\n    type filter hook output priority filter; policy drop;\n  }\n'
    return { ...file, text: file.text.replace(/^}\n/m, `${chain}}\n`) }
  })
}
