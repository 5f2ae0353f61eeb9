/** Machines in a process of their own that hold a request open, take what they are given, and hold again. */
import { setTimeout as sleep } from 'node:timers/promises'
import { obey } from './child.ts'
import { type Answer, type Ask, type HttpClient, httpClient } from './http-client.ts'
import type { ChangeOrder, Heard, ManyOrder, StartOrder } from './many.ts'
import { credentialOf } from './plant-network.ts'

const AGAIN_MS = 200
/** Who is refused waits longer, as the script does, or 10,000 that ask again keep a server that cannot answer from getting better. */
const REFUSED_MS = 2_000

type Member = { readonly credential: string; readonly instance: string; epoch: string; revision: string; view: string }

const crowds = new Map<string, readonly Member[]>()
let running: { readonly client: HttpClient; readonly size: number } | null = null
let heard: ((answer: Answer) => void) | null = null

obey((order: ManyOrder): Promise<unknown> => {
  if (order.kind === 'start') return start(order)
  if (order.kind === 'change') return change(order)
  if (order.kind === 'come-back') return heardByAll(order.count, () => start({ ...order, kind: 'start' }))
  return stop()
})

async function start({ url, path, seed, count, script }: StartOrder): Promise<void> {
  await stop()
  const members = crowds.get(seed) ?? Array.from({ length: count }, (_, i) => memberOf(seed, i + 2))
  crowds.set(seed, members)
  const mine = { client: httpClient(url), size: count }
  running = mine
  for (const member of members) void live(member, mine, path, script)
}

async function live(
  member: Member,
  mine: { readonly client: HttpClient },
  path: string,
  script: string,
): Promise<void> {
  while (running === mine) {
    // Who is cut off by `stop` ends; who is refused, or met a connection that the server had just closed, asks again.
    const answer = await mine.client.ask(post(member, path, script)).answer.catch(() => null)
    if (answer === null || answer.status >= 400) {
      await sleep(answer === null ? AGAIN_MS : REFUSED_MS)
      continue
    }
    if (answer.status !== 200) continue
    take(member, answer.body)
    heard?.(answer)
  }
}

/** A delta has these lines with a plus before them. The bare server's answer has none. */
function take(member: Member, body: Buffer): void {
  const text = body.toString('latin1', 0, 2048)
  const value = (key: string) => new RegExp(`^\\+?${key} (\\S+)$`, 'm').exec(text)?.[1]
  const view = value('view')
  if (view === undefined) return
  Object.assign(member, { view, epoch: value('epoch'), revision: value('revision') })
}

async function change({ url, ask }: ChangeOrder): Promise<Heard> {
  if (!running) throw new Error('nobody waits')
  const client = httpClient(url)
  const all = await heardByAll(running.size, async () => {
    const made = await client.ask(ask).answer
    if (made.status >= 300) throw new Error(`the change was answered ${made.status}: ${made.body}`)
  })
  client.close()
  return all
}

/** What each of them is given, by the time since `begin`. */
async function heardByAll(size: number, begin: () => Promise<void>): Promise<Heard> {
  const answers: Answer[] = []
  const all = new Promise<void>((resolve) => {
    heard = (answer) => {
      answers.push(answer)
      if (answers.length === size) resolve()
    }
  })
  const begun = performance.now()
  await begin()
  await all
  heard = null
  const times = answers.map(({ at }) => at - begun).sort((a, b) => a - b)
  const at = (share: number) => times[Math.ceil(times.length * share) - 1] as number
  return {
    ...{ p50: at(0.5), p99: at(0.99), max: at(1) },
    bytes: answers.reduce((sum, { bytes }) => sum + bytes, 0),
    bodyBytes: (answers[0] as Answer).body.length,
  }
}

async function stop(): Promise<void> {
  const before = running
  running = null
  before?.client.close()
}

function memberOf(seed: string, number: number): Member {
  const id = String(number).padStart(12, '0')
  const instance = `5c1e0000-0000-4000-8000-${id}.1`
  return { credential: credentialOf(seed, number), instance, epoch: '0', revision: '0', view: '-' }
}

function post({ credential, instance, epoch, revision, view }: Member, path: string, script: string): Ask {
  const head = ['spanwire report 1', `instance ${instance}`, `epoch ${epoch}`, `revision ${revision}`, `view ${view}`]
  const lines = [...head, `script ${script}`, 'uptime 88231.42', `unix ${Math.floor(Date.now() / 1000)}`, BLOCKS]
  const headers = { 'Content-Type': 'text/plain', Authorization: `Bearer ${credential}` }
  return { method: 'POST', path, headers, body: lines.join('\n') }
}

const BLOCKS = `:loadavg
 0.01 0.05 0.01 1/123 4567
:meminfo
 MemTotal:       16310272 kB
 MemAvailable:   12310272 kB
:stat
 cpu  1000 0 500 90000 0 0 0 0 0 0
:df
 /dev/vda1 82043328 10000000 72043328 13% /
:delta
 1
`
