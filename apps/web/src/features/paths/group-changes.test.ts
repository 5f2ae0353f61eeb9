import { expect, test } from 'vitest'
import { groupChanges, groupText, groupWhose } from './group-changes.ts'
import type { Change } from './path-shapes.ts'

const NOON = Date.parse('2026-11-22T12:00:00.000Z')
const change = (id: number, seconds: number, cause: Change['cause'], to = 'through gw-2'): Change => ({
  ...{ id: String(id), at: new Date(NOON - seconds * 1000).toISOString(), nodeId: `n${id}`, nodeName: `home-${id}` },
  ...{ peerId: null, peerName: null, from: 'through gw-1', to, cause, text: '' },
})
const ids = (changes: readonly Change[]) =>
  groupChanges(changes).map((group) => group.changes.map(({ id }) => id).join(' '))

test('what one cause moved in one moment is together, and another cause in between stays apart', () => {
  const changes = [change(1, 0, 'dead'), change(2, 4, 'dead'), change(3, 5, 'better'), change(4, 40, 'dead')]
  expect(ids(changes)).toEqual(['1 2 4', '3'])
})

test('another moment is another group', () => {
  const changes = [1, 2, 3, 4, 5, 6].map((id) => change(id, id > 3 ? 300 + id : id, 'plan'))
  expect(ids(changes)).toEqual(['1 2 3', '4 5 6'])
})

test('a few stay single lines, in the order of their times', () => {
  expect(ids([change(1, 0, 'dead'), change(2, 3, 'better'), change(3, 5, 'dead')])).toEqual(['1', '2', '3'])
  expect(ids([])).toEqual([])
})

test('a moment has an end, however many follow each other', () => {
  const changes = Array.from({ length: 10 }, (_, i) => change(i, i * 20, 'better'))
  expect(ids(changes)).toEqual(['0 1 2 3', '4 5 6 7', '8', '9'])
})

test('a group says how many, why, where to, what is lost, and of whom', () => {
  const [group] = groupChanges(
    [1, 2, 3, 4, 5].map((id) => change(id, id, 'dead', id === 1 ? 'no way' : 'through gw-2')),
  )
  if (!group) throw new Error('no group')
  expect(groupText(group)).toBe('5 ways changed because the way before was dead: 4 through gw-2, 1 no way')
  expect(groupWhose(group)).toBe('home-1, home-2, home-3 and 2 more')
  const [same] = groupChanges([1, 2, 3].map((id) => change(id, id, 'boot')))
  if (!same) throw new Error('no group')
  expect(groupText(same)).toBe('3 ways changed when scripts began: all through gw-2')
})
