import { afterAll, beforeAll, expect, test } from 'vitest'
import { K3sLab } from './k3s-lab.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const TOKEN = `K10${'7'.repeat(64)}::abcdef.0123456789abcdef`

/** Writes down how it was called, and is slow or talkative when its arguments say so. */
const K3S = `#!/bin/sh
echo "$*" >>/root/calls
case "$*" in
  *" slow "*) sleep 60 ;;
  "token create"*) echo ${TOKEN}; echo "made ${TOKEN}" >&2 ;;
  *taint*gone:NoSchedule-*) echo 'error: taint "gone:NoSchedule" not found' >&2; exit 1 ;;
  *fails*) echo "Error from server: it knows ${TOKEN}" >&2; exit 1 ;;
esac
`

async function member(name: string) {
  const world = await K3sLab.on(lab)
  const machine = await world.machine(name)
  await machine.host.writeFile('/usr/local/bin/k3s', K3S, 0o755)
  await machine.join()
  const calls = async () =>
    (await machine.host.readFile('/root/calls').catch(() => '')).trim().split('\n').filter(Boolean)
  return { world, machine, calls }
}

test.concurrent('a request is done once, and its answer is told until the server has it', async () => {
  const { world, machine, calls } = await member('once')
  let refused = 0
  world.server.bend = ({ path }) => {
    if (path !== '/node/v1/answer' || refused++ > 2) return undefined
    return refused === 2
      ? { status: 200, headers: {}, body: 'a proxy' }
      : { status: 503, body: 'error unavailable\nlater\n' }
  }
  const id = world.ask('once', 'k3s-cordon', ['home-1'])
  expect(await world.answer(id)).toMatchObject({ state: 'done', secret: null })
  expect(refused).toBeGreaterThan(2)
  await new Promise((resolve) => setTimeout(resolve, 5000))
  expect(world.server.answers.filter(({ request }) => request === id)).toHaveLength(1)
  expect((await calls()).filter((call) => call.includes('cordon home-1'))).toHaveLength(1)
  expect(await machine.host.output('ls /var/lib/spanwire/k3s/answers')).toBe(`${id}\n`)
  world.forget('once')
  await until(
    'the answer to be forgotten',
    30_000,
    async () => (await machine.host.output('ls /var/lib/spanwire/k3s/answers 2>/dev/null; true')) === '',
  )
})

test.concurrent('labels and taints are set on one node, and a taint that is gone already is as it should be', async () => {
  const { world, calls } = await member('labels')
  const words = ['example.org/disk=ssd', 'rack-', 'edge=true:NoSchedule', 'gone:NoSchedule-', 'slow:NoExecute-']
  expect(await world.answer(world.ask('labels', 'k3s-label', ['home-1', ...words]))).toMatchObject({ state: 'done' })
  const kubectl = 'kubectl --request-timeout=10s'
  expect((await calls()).filter((call) => call.includes('--overwrite'))).toEqual([
    `${kubectl} label --overwrite node home-1 example.org/disk=ssd rack-`,
    `${kubectl} taint --overwrite node home-1 edge=true:NoSchedule`,
    `${kubectl} taint --overwrite node home-1 gone:NoSchedule-`,
    `${kubectl} taint --overwrite node home-1 slow:NoExecute-`,
  ])
  expect(await world.answer(world.ask('labels', 'k3s-label', ['fails', 'a=b']))).toMatchObject({
    state: 'failed',
    code: 'k3s-label',
    evidence: expect.stringContaining('Error from server'),
  })
  expect(await world.answer(world.ask('labels', 'k3s-label', ['fails', 'a=b:NoExecute']))).toMatchObject({
    state: 'failed',
    evidence: expect.stringContaining('Error from server'),
  })
})

test.concurrent('a secret stands in no argument, log, evidence or file that stays', async () => {
  const { world, machine } = await member('secret')
  const seen = new Set<string>()
  const watch = setInterval(() => {
    for (const { command } of machine.host.processes()) seen.add(command)
  }, 20)
  const answer = await world.answer(world.ask('secret', 'k3s-mint-token', ['home-1', '900']))
  const failed = await world.answer(world.ask('secret', 'k3s-delete-node', ['fails']))
  clearInterval(watch)
  expect(answer).toMatchObject({ state: 'done', secret: `${TOKEN}\n` })
  expect(answer?.evidence).toMatch(/made K10\*\*\*/)
  expect(failed).toMatchObject({
    state: 'failed',
    code: 'k3s-delete-node',
    evidence: expect.stringContaining('it knows K10***'),
  })
  expect([...seen].some((command) => command.includes('k3s.sh'))).toBe(true)
  expect([...seen].filter((command) => command.includes('0123456789abcdef'))).toEqual([])
  // The stub itself has it.
  const left = await machine.host.output(
    'grep -rl 0123456789abcdef /run/spanwire /var/lib/spanwire /var/log /tmp /dev/shm; true',
  )
  expect(left).toBe('')
})

test.concurrent('what takes longer than it may is ended and said to be; what nobody knows is refused', async () => {
  const { world, calls } = await member('slow')
  const slow = world.ask('slow', 'k3s-drain', ['slow', '60'], 3)
  expect(await world.answer(slow)).toMatchObject({ state: 'failed', code: 'timed-out' })
  world.forget('slow')
  world.ask('slow', 'k3s-cordon', ['home-1'])
  world.server.edit = (files) =>
    files.map((file) =>
      file.name === 'requests'
        ? { ...file, text: `${UNKNOWN} k3s-format-disk 60 sda\n${BARE} k3s-cordon 60 --all\n` }
        : file,
    )
  world.server.publish()
  for (const id of [UNKNOWN, BARE]) expect(await world.answer(id)).toMatchObject({ state: 'failed' })
  expect((await calls()).filter((call) => /all|format|sda/.test(call))).toEqual([])
})

const UNKNOWN = '00000000-0000-4000-8000-000000000001'
const BARE = '00000000-0000-4000-8000-000000000002'

test.concurrent('a part that does not match its checksum, or is not whole, is not run', async () => {
  const world = await K3sLab.on(lab)
  const machine = await world.machine('part')
  await machine.join()
  const right = world.server.partText
  world.server.alter = ({ path }, answer) =>
    path === '/node/v1/part/k3s' ? { ...answer, body: `${right.slice(0, -12)}\n: >/root/owned\nmain "$@"\n` } : answer
  world.ask('part', 'k3s-cordon', ['home-1'])
  await until('it to be fetched', 30_000, () => world.server.requests.some(({ path }) => path === '/node/v1/part/k3s'))
  await new Promise((resolve) => setTimeout(resolve, 5000))
  expect((await machine.host.exec('ls /var/lib/spanwire/script/k3s.sh /root/owned')).stdout).toBe('')
  world.server.alter = undefined
  world.server.publish()
  await until('the right one to run', 60_000, () => machine.host.processes(/k3s\.sh run/).length > 0)
  const [before] = machine.host.processes(/k3s\.sh run/)
  world.server.partText = right.replace('\n{ # run', '\n# another\n{ # run')
  world.server.publish()
  await until('the newer one to run', 60_000, () => {
    const now = machine.host.processes(/k3s\.sh run/)
    return now.length > 0 && now.every(({ pid }) => pid !== before?.pid)
  })
  world.forget('part')
  await until('none to run', 60_000, () => machine.host.processes(/k3s\.sh/).length === 0)
  expect((await machine.host.exec('ls /var/lib/spanwire/script/k3s.sh /run/spanwire/part')).stdout).toBe('')
})
