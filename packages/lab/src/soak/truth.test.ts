import { expect, test } from 'vitest'
import { truth } from './truth.ts'

const home = { island: ['n1', 'n2'], apart: null }
const gateways = { island: [], apart: ['gw-n', 'gw-s'] as const }

test.each([
  { it: 'nothing cut: all reach each other', cuts: [], pair: ['n1', 's1'], reach: true, heard: true },
  { it: 'who is on an island is not reached', cuts: [home], pair: ['n1', 's1'], reach: false, heard: true },
  { it: 'an island has its own, and tells nobody', cuts: [home], pair: ['n1', 'n2'], reach: true, heard: false },
  { it: 'others go on', cuts: [home], pair: ['s1', 'e1'], reach: true, heard: true },
  { it: 'two are apart', cuts: [gateways], pair: ['gw-s', 'gw-n'], reach: false, heard: true },
  { it: 'a third reaches both', cuts: [gateways], pair: ['n1', 'gw-s'], reach: true, heard: true },
])('$it', ({ cuts, pair: [one = '', other = ''], reach, heard }) => {
  expect(truth(cuts, one, other)).toEqual({ reach, heard })
})
