import { expect, test } from 'vitest'
import { parseAnswer } from './parse-answer.ts'
import { renderRequest } from './request-kinds.ts'

const ID = '0198c1aa-0000-7000-8000-000000000001'
const said = (...lines: string[]) => parseAnswer(`${['spanwire answer 1', ...lines].join('\n')}\n`)

test('an answer has its request, its state, words for people and a secret as it came', () => {
  expect(said(`request ${ID}`, 'state done', ':evidence', ' minted', ':secret', ' K10aa::ab.cd')).toMatchObject({
    ok: true,
    value: {
      request: ID,
      state: 'done',
      code: null,
      evidence: 'minted',
      secret: expect.stringMatching(/^K10aa::ab\.cd\n?$/),
    },
  })
  expect(said(`request ${ID}`, 'state failed', 'code no-api')).toMatchObject({
    value: { state: 'failed', code: 'no-api', evidence: null, secret: null },
  })
})

test.each([
  ['no request', ['state done']],
  ['a request that is no id', ['request ../../etc', 'state done']],
  ['a state of its own making', [`request ${ID}`, 'state maybe']],
  ['an endless secret', [`request ${ID}`, 'state done', ':secret', ` ${'x'.repeat(20_000)}`]],
])('%s is refused', (_, lines) => {
  expect(said(...lines)).toMatchObject({ ok: false, error: { kind: 'malformed' } })
})

test('a request is one line of words that fit', () => {
  const request = { id: ID, kind: 'k3s-mint-token', timeoutSeconds: 60, args: ['home-1', '900'] } as const
  expect(renderRequest(request)).toBe(`${ID} k3s-mint-token 60 home-1 900`)
  for (const args of [['home-1'], ['home-1\nx', '900'], ['$(reboot)', '900'], ['home-1', '0'], ['home-1', '900', 'x']])
    expect(() => renderRequest({ ...request, args })).toThrow()
})
