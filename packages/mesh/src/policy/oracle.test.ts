import { expect, test } from 'vitest'
import { nodeTable } from './node-table.ts'
import { planAccess } from './plan-access.ts'
import { reaches } from './reaches.ts'
import { readPolicy } from './read-policy.ts'
import { renderAccess } from './render-access.ts'
import { interpretAnswer, interpretNft } from './testing/interpret-nft.ts'
import { address, interpretTable } from './testing/interpret-table.ts'
import { oracle, type Packet } from './testing/oracle.ts'
import { randomOf } from './testing/random.ts'
import { addressesIn, portEdges, randomPolicy, randomWorld } from './testing/random-network.ts'

const POLICIES = 10_000
/** Pairs looked at in each policy and family, each at every port edge. */
const PAIRS = 3

test('ten thousand random policies: compiler, explanation and the oracle agree in both families, at every port edge', {
  timeout: 300_000,
}, () => {
  const random = randomOf(20_261_121)
  let [asked, allowed, judged] = [0, 0, 0]
  for (let i = 0; i < POLICIES; i++) {
    const world = randomWorld(random)
    const plain = randomPolicy(random, world)
    const { policy, findings } = readPolicy(JSON.stringify(plain))
    if (!policy) throw new Error(`policy ${i}: ${JSON.stringify(findings)}`)
    const plan = planAccess(policy, world)
    // Text is interpreted now and then: reading it takes as long as everything else.
    const texts = i % 20 === 0 ? new Map(world.nodes.map(({ id }) => [id, renderAccess(plan, id, 'span0')])) : null
    for (const packet of packets(world, plain)) {
      const question = { ...packet, from: address(packet.from), to: address(packet.to) }
      const want = oracle(plain, world, packet)
      const said = reaches(plan, question)
      const says = () => `policy ${i} ${JSON.stringify(packet)}\n${JSON.stringify(plain)}\n${JSON.stringify(world)}`
      if (said.allowed !== want) expect.fail(`reaches: ${said.allowed}, oracle: ${want}: ${said.why} ${says()}`)
      asked++
      if (want) allowed++
      if (said.why.startsWith('Both are on')) continue
      const verdict = interpretTable(plan, (id) => nodeTable(plan, id), packet)
      if (verdict === null) continue
      judged++
      if (verdict !== want) expect.fail(`table: ${verdict}, oracle: ${want} ${says()}`)
      const text = texts && judgeText(plan, texts, packet)
      if (text && interpretNft(text, packet) !== want) expect.fail(`text: ${!want}, oracle: ${want} ${says()}\n${text}`)
      if (text && interpretAnswer(text, packet) !== want) expect.fail(`answer: ${!want}: ${says()}\n${text}`)
    }
  }
  // A generator that allows all or nothing would prove nothing.
  expect(asked).toBeGreaterThan(400_000)
  expect(judged / asked).toBeGreaterThan(0.7)
  expect(allowed / asked).toBeGreaterThan(0.1)
  expect(allowed / asked).toBeLessThan(0.7)

  function* packets(world: ReturnType<typeof randomWorld>, plain: unknown): Generator<Packet> {
    const edges = portEdges(plain)
    for (const family of [4, 6] as const) {
      const addresses = addressesIn(world, family)
      if (addresses.length === 0) continue
      for (let pair = 0; pair < PAIRS; pair++) {
        const [from, to] = [random.one(addresses), random.one(addresses)]
        for (const port of edges) yield { from, to, protocol: random.one([6, 17, 6, 17, 132]), port }
        for (const protocol of [1, 58, 47]) yield { from, to, protocol, port: null }
      }
    }
  }
})

function judgeText(
  plan: ReturnType<typeof planAccess>,
  texts: ReadonlyMap<string, string | null>,
  packet: Packet,
): string | null {
  const { value } = address(packet.to)
  const judge = [...plan.own].find(([, own]) =>
    (packet.to.includes(':') ? own.v6 : own.v4).some(({ first, last }) => first <= value && value <= last),
  )
  return judge ? (texts.get(judge[0]) ?? null) : null
}
