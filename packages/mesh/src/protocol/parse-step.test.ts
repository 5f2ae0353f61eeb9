import { expect, test } from 'vitest'
import step from './golden/step.txt?raw'
import { parseStep } from './parse-step.ts'

test('the golden step', () => {
  expect(parseStep(step)).toEqual({
    ok: true,
    value: {
      step: 'preflight',
      state: 'failed',
      code: 'no-wireguard',
      evidence:
        'no kernel module, and neither wireguard-go nor boringtun-cli is here\ninstall one: apt-get install wireguard-tools',
    },
  })
})

test.each([
  ['a step that is none', step.replace('preflight', 'coffee')],
  ['a state that is none', step.replace('failed', 'hopeful')],
])('%s is malformed', (_, text) => expect(parseStep(text)).toMatchObject({ ok: false, error: { kind: 'malformed' } }))

test('evidence is cut at 2 KiB and a code belongs to failures only', () => {
  const parsed = parseStep(`spanwire step 1\nstep keys\nstate done\ncode x\n:evidence\n ${'e'.repeat(5000)}\n`)
  expect(parsed).toMatchObject({ ok: true, value: { code: null, evidence: 'e'.repeat(2048) } })
})

test('the steps after the tunnel are said the same way', () =>
  expect(parseStep('spanwire step 1\nstep k3s-installed\nstate failed\ncode installer-hash\n')).toMatchObject({
    ok: true,
    value: { step: 'k3s-installed', state: 'failed', code: 'installer-hash' },
  }))
