/** For tests: an operator's script with an API key, over HTTP, each procedure by its REST route. */
import { randomBytes, randomUUID } from 'node:crypto'
import { procedures } from '@spanwire/api/procedures'
import { restRequest } from '@spanwire/api/rest-request'
import type { Role } from '@spanwire/control/context'
import { hashToken, makeToken } from '@spanwire/control/secrets'
import type pg from 'pg'

export type HttpOperator = {
  readonly key: string
  /** by the procedure's name, `node.list`; throws where the answer is a refusal */
  call<Output>(name: string, input?: Record<string, unknown>): Promise<Output>
  answer(name: string, input?: Record<string, unknown>): Promise<Response>
  /** The token of a node that is to come. */
  invite(network: string, as: { name: string; role: 'gateway' | 'member' }): Promise<{ nodeId: string; token: string }>
}

export function httpOperator(server: string, key: string): HttpOperator {
  const answer: HttpOperator['answer'] = (name, input) => {
    const procedure = procedures.find((one) => one.name === name)
    if (!procedure) throw new Error(`there is no procedure ${name}`)
    return fetch(restRequest(server, procedure, input, { authorization: `Bearer ${key}` }))
  }
  const call = async <Output>(name: string, input?: Record<string, unknown>) => {
    const said = await answer(name, input)
    if (!said.ok) throw new Error(`${name}: ${said.status} ${await said.text()}`)
    return (await said.json()) as Output
  }
  return {
    key,
    call,
    answer,
    async invite(networkId, { name, role }) {
      const { nodeId, token } = await call<{ nodeId: string; token: string }>('invitation.create', { networkId })
      await call('invitation.update', {
        ...{ nodeId, name, role },
        endpoint: role === 'gateway' ? '203.0.113.7:51820' : null,
      })
      return { nodeId, token }
    },
  }
}

/** A key of the first organization, as `npm run admin -- make-api-key` makes one. */
export async function keyInDatabase(database: pg.Pool, role: Role): Promise<string> {
  const key = makeToken('swk', randomBytes)
  await database.query(
    `INSERT INTO api_keys (id, organization_id, name, role, hash, hint, created_by, expires_at)
     SELECT $1, id, 'test', $2, $3, $4, 'test', now() + interval '1 day' FROM organizations ORDER BY created_at LIMIT 1`,
    [randomUUID(), role, Buffer.from(hashToken(key)), key.slice(4, 12)],
  )
  return key
}

/** What the first visit to the console does. */
export function makeOwner(server: string, email = 'ada@acme.test'): Promise<Response> {
  return fetch(`${server}/trpc/setup.createOwner`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Ada', email, password: 'correct horse battery', organizationName: 'Acme' }),
  })
}
