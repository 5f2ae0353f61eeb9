/** For tests: a machine that speaks the protocol of docs/protocol.md over HTTP, to whichever server it is told. */
import type { Answer } from '@spanwire/control/machine/answer'
import {
  type Confirmed,
  confirmedBy,
  enrolText,
  reportText,
  type TestNode,
  testNode,
} from '@spanwire/control/machine/test-machine'

export type HttpNode = TestNode & {
  readonly first: Answer
  /** what it runs: of its last bundle */
  confirmed: Confirmed
  /** takes the bundle that it gets for its own */
  sync(at: string, hold?: { seconds?: number; signal?: AbortSignal }): Promise<Answer>
  /** until there is nothing more to be told */
  settle(at: string): Promise<void>
}

export async function joinOver(server: string, token: string, hostname = 'home-1'): Promise<HttpNode> {
  const own = testNode()
  const first = await knock(server, 'enrol', token, enrolText(own, hostname))
  if (first.status !== 200) throw new Error(`not enrolled: ${first.body}`)
  const node: HttpNode = {
    ...own,
    first,
    confirmed: await confirmedBy(first),
    async sync(at, { seconds = 0, signal } = {}) {
      const answer = await knock(at, `sync?hold=${seconds}`, own.credential, reportText(own, node.confirmed), signal)
      if (answer.status === 200) node.confirmed = await confirmedBy(answer)
      return answer
    },
    async settle(at) {
      let status = 200
      while (status === 200) status = (await node.sync(at)).status
      if (status !== 204) throw new Error(`not settled: ${status}`)
    },
  }
  return node
}

export async function knock(
  server: string,
  door: string,
  secret: string,
  body: string,
  signal?: AbortSignal,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${secret}` }
  const answer = await fetch(`${server}/node/v1/${door}`, { method: 'POST', headers, body, signal })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const isTar = answer.headers.get('content-type') === 'application/x-tar'
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    body: isTar ? bytes : new TextDecoder().decode(bytes),
  }
}
