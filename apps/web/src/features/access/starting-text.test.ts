import { readPolicy } from '@spanwire/mesh/policy/read-policy'
import { expect, test } from 'vitest'
import { readRules } from './read-rules.ts'
import { startingText } from './starting-text.ts'

test.each([[], ['prod'], ['prod', 'edge']])(
  'a text to begin with can be read, and each rule of it changed in the form: %s',
  (...clusters) => {
    const text = startingText(clusters)
    expect(readPolicy(text).findings).toEqual([])
    const rules = readRules(text)
    expect(rules).toHaveLength(1 + 3 * clusters.length)
    expect(rules?.every(({ fields }) => fields !== null)).toBe(true)
  },
)
