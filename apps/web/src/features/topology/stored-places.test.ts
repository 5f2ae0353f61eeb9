import { beforeEach, expect, test, vi } from 'vitest'
import { forgetPlaces, restorePlaces, storePlaces } from './stored-places.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})

const places = new Map([['a', { x: 1, y: 2, site: 's' }]])

test('places outlive the page, each network its own', () => {
  storePlaces('one', places)
  expect(restorePlaces('one')).toEqual(places)
  expect(restorePlaces('other').size).toBe(0)
  forgetPlaces('one')
  expect(restorePlaces('one').size).toBe(0)
})

test.each(['not json', '{"a":1}', '[["a",null,2,"s"],["b"],null]'])(
  'what somebody else wrote there is nothing: %s',
  (text) => {
    storePlaces('one', places)
    for (const key of kept.keys()) kept.set(key, text)
    expect(restorePlaces('one').size).toBe(0)
  },
)
