import { expect, test } from 'vitest'
import { parsePlace } from './parse-place.ts'

test.each([
  ['eu-central-1', 'eu-central-1'],
  ['  Berlin_2.a ', 'Berlin_2.a'],
  ['', null],
  ['   ', null],
])('%j is taken as %j', (text, value) => expect(parsePlace(text, 'region')).toEqual({ ok: true, value }))

test.each(['Køge', 'rack 2', '-a', 'a-', 'a/b', 'a\nb', 'a=b', 'x'.repeat(64)])(
  '%j is no zone, and it says why',
  (text) => {
    const parsed = parsePlace(text, 'zone')
    expect(parsed.ok ? '' : parsed.error.message).toMatch(/cannot be a zone: Kubernetes takes up to 63/)
  },
)
