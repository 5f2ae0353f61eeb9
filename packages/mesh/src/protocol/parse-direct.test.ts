import { expect, test } from 'vitest'
import golden from './golden/direct.txt?raw'
import { parseDirect } from './parse-direct.ts'

const KEY = 'hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo='

test('the golden block', () => expect(parseDirect(golden)).toEqual({ publicKey: KEY, port: 40817 }))

test.each([
  undefined,
  '',
  `key ${KEY}`,
  'port 40817',
  `key ${KEY}\nport 0`,
  `key ${KEY}\nport 65536`,
  `key ${KEY}\nport -1`,
  `key ${KEY} x\nport 5`,
  'key x\nport 5',
])('%j is not a whole word about it', (block) => expect(parseDirect(block)).toBeNull())
