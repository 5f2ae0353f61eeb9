/** The machines of a benchmark, in a process of their own: they join, wait, hear of a change, report. */
import { setTimeout as sleep } from 'node:timers/promises'
import { obey } from './child.ts'
import type { Changed, ChangeOrder, CrowdOrder, HoldOrder, JoinOrder, ReportOrder } from './crowd.ts'
import { type Answer, type Ask, type HttpClient, httpClient } from './http-client.ts'
import { median } from './measurement.ts'
import { joinAll, keep, type Member, reportOf } from './member.ts'
import { tarFiles } from './tar-files.ts'

/** Whoever is answered at once is answered within this; that the others wait is asked of the server. */
const ARRIVES_MS = 500

let members: readonly Member[] = []
/** Of the last bundle of the first member. */
let firstFiles: ReadonlyMap<string, string> = new Map()
let held: { readonly client: HttpClient; readonly answers: readonly Promise<Answer>[] } | null = null

obey((order: CrowdOrder): Promise<unknown> => {
  if (order.kind === 'join') return join(order)
  if (order.kind === 'hold') return hold(order)
  if (order.kind === 'change') return change(order)
  if (order.kind === 'report') return report(order)
  return leave()
})

async function join({ url, network, ...options }: JoinOrder) {
  const joined = await joinAll(url, network, options)
  members = joined.members
  return joined.perSecond
}

/** All wait; who was answered at once had another configuration, keeps the one it got, and waits again. */
async function hold({ url, path }: HoldOrder): Promise<void> {
  await leave()
  const client = httpClient(url)
  const answers = new Map<Member, Promise<Answer>>()
  let asking = members
  for (let round = 0; asking.length > 0; round++) {
    if (round === 5) throw new Error(`${asking.length} nodes are answered at once, again and again`)
    const asked = asking.map((member) => client.ask({ ...post(member), path }))
    await Promise.all(asked.map(({ sent }) => sent))
    const early = new Map<Member, Answer>()
    for (const [i, member] of asking.entries()) {
      const answer = (asked[i] as (typeof asked)[number]).answer
      answers.set(member, answer)
      answer.then((given) => early.set(member, given)).catch(() => {})
    }
    await sleep(ARRIVES_MS)
    asking = [...early.keys()]
    for (const [member, { status, body }] of early) if (status === 200) await keep(member, body)
  }
  held = { client, answers: members.map((member) => answers.get(member) as Promise<Answer>) }
}

/** From the request that makes the change to the last byte of the last answer. */
async function change({ url, ask, isBundle }: ChangeOrder): Promise<Changed> {
  if (!held) throw new Error('nobody waits')
  const client = httpClient(url)
  const begun = performance.now()
  const done = client.ask(ask).answer
  const answers = await Promise.all(held.answers)
  const made = await done
  if (made.status >= 300) throw new Error(`the change was answered ${made.status}: ${made.body}`)
  const without = answers.filter(({ status }) => status !== 200).length
  if (without > 0) throw new Error(`${without} of ${answers.length} nodes heard nothing of the change`)
  client.close()
  return {
    ms: Math.max(...answers.map(({ at }) => at)) - begun,
    bytes: median(answers.map(({ bytes }) => bytes)),
    bodyBytes: median(answers.map(({ body }) => body.length)),
    changedText: isBundle ? await keepAll(answers) : '',
  }
}

/** What differs, for the first of them, from the bundle before. */
async function keepAll(answers: readonly Answer[]): Promise<string> {
  await Promise.all(members.map((member, i) => keep(member, (answers[i] as Answer).body)))
  const before = firstFiles
  firstFiles = tarFiles((answers[0] as Answer).body)
  return [...firstFiles].flatMap(([name, text]) => (before.get(name) === text ? [] : [text])).join('')
}

/** Reports that are answered at once, of one node after the other. They are written before: the client is not what is measured. */
async function report({ url, path, seconds, atOnce }: ReportOrder): Promise<number> {
  const client = httpClient(url)
  const asks = members.map((member) => ({ ...post(member), path }))
  const begun = performance.now()
  let count = 0
  const worker = async () => {
    while (performance.now() - begun < seconds * 1000) {
      const i = count++ % asks.length
      const { status, body } = await client.ask(asks[i] as Ask).answer
      if (status === 204) continue
      if (status !== 200) throw new Error(`a report was answered ${status}: ${body}`)
      // Another configuration, as after a start with another script.
      const member = members[i] as Member
      await keep(member, body)
      asks[i] = { ...post(member), path }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const took = (performance.now() - begun) / 1000
  client.close()
  return count / took
}

/** Connections are broken, as a machine does that goes off. */
async function leave(): Promise<void> {
  for (const answer of held?.answers ?? []) answer.catch(() => {})
  held?.client.close()
  held = null
}

function post(member: Member) {
  const headers = { 'Content-Type': 'text/plain', Authorization: `Bearer ${member.node.keys.credential}` }
  return { method: 'POST', headers, body: reportOf(member) }
}
