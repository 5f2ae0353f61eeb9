import { TcpStream } from '@spanwire/lab/tcp-stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AccessLab, ports } from './access-lab.ts'
import { NodeLab } from './node-lab.ts'
import { until } from './until.ts'

/** Connections that are open while rules change. */
let lab: NodeLab

beforeAll(async () => {
  lab = await NodeLab.create()
})
afterAll(() => lab?.[Symbol.asyncDispose]())

const STAYS = 7001
const GOES = 7002

test('a connection dies within a second when its rule goes, and one that stays allowed loses nothing', async () => {
  const world = await AccessLab.on(lab)
  const gateway = await world.gateway('cutting')
  const member = await world.member('talking')
  const open = (port: number) => TcpStream.open(member.host, gateway.host, '10.77.0.1', { port, gapMs: 900 })
  await using stays = await open(STAYS)
  await using goes = await open(GOES)
  await stays.moved(100_000)
  await goes.moved(100_000)

  const id = world.begin(ports(STAYS), 300)
  let hasRules = false
  void world.says('cutting', 'on', id).then(() => {
    hasRules = true
  })
  await until('it to be on trial', 20_000, () => hasRules)
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  const after = goes.report().bytes
  await stays.moved(500_000)
  expect(goes.report().bytes).toBe(after)
  expect(goes.report().ended).toBe('')

  // It is taken back: what was cut goes on, and the other has noticed neither.
  world.takeBack()
  await world.says('cutting', 'returned', id)
  await goes.moved(50_000, 30_000)
  const { longestGapMs } = await stays.close()
  expect(longestGapMs).toBeLessThan(900)
})
