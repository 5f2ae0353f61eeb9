import { expect, test } from 'vitest'
import { beginSentence } from './begin-sentence.ts'

test.each([
  ['the disk is full', 'The disk is full'],
  ['k3s runs here', 'k3s runs here'],
  ['home-1 does not answer', 'home-1 does not answer'],
  ['10.77.0.0/16 meets docker0', '10.77.0.0/16 meets docker0'],
  ['kubelet would not start', 'kubelet would not start'],
  ['flannel', 'flannel'],
  ['"a b" is not a label key', '"a b" is not a label key'],
  ['', ''],
])('%j begins as %j', (text, begun) => expect(beginSentence(text)).toBe(begun))
