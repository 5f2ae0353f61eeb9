import { gunzipSync } from 'node:zlib'
import fastify from 'fastify'
import { expect, test } from 'vitest'
import { compressAnswers } from './compress-answers.ts'

const long = JSON.stringify({ nodes: Array.from({ length: 500 }, (_, index) => `node-${index}`) })

async function ask(answer: () => Response, encodings?: string) {
  const front = fastify()
  compressAnswers(front)
  front.get('/', (_, reply) => reply.send(answer()))
  const headers: Record<string, string> = encodings === undefined ? {} : { 'accept-encoding': encodings }
  return front.inject({ url: '/', headers })
}
const json =
  (text: string, status = 200) =>
  () =>
    new Response(text, { status, headers: { 'content-type': 'application/json', 'x-own': 'kept' } })

test('a long answer travels small, with its status and headers', async () => {
  const { rawPayload, headers, statusCode } = await ask(json(long, 207), 'br, gzip')
  expect([statusCode, headers['content-encoding'], headers['x-own']]).toEqual([207, 'gzip', 'kept'])
  expect(headers.vary).toContain('accept-encoding')
  expect(rawPayload.length).toBeLessThan(long.length / 2)
  expect(gunzipSync(rawPayload).toString()).toBe(long)
})

test.each([
  { it: 'who cannot unpack it', encodings: undefined, text: long },
  { it: 'who refuses it', encodings: 'gzip;q=0, br', text: long },
  { it: 'who asks little', encodings: 'gzip', text: '{"ok":true}' },
])('$it gets it as it is', async ({ encodings, text }) => {
  const { body, headers } = await ask(json(text), encodings)
  expect([body, headers['content-encoding']]).toEqual([text, undefined])
})

test('a stream of events passes untouched', async () => {
  const events = () => new Response(`data: ${long}\n\n`, { headers: { 'content-type': 'text/event-stream' } })
  const { body, headers } = await ask(events, 'gzip')
  expect([body, headers['content-encoding']]).toEqual([`data: ${long}\n\n`, undefined])
})
