import { expect, test } from 'vitest'
import { parseSiteName } from './parse-site-name.ts'

test.each([
  { it: 'plain words', text: 'Berlin', want: 'Berlin' },
  { it: 'spaces, commas and accents', text: 'Køge, rack 2', want: 'Køge, rack 2' },
  { it: 'other scripts', text: '東京', want: '東京' },
  { it: 'spaces around, which go', text: '  home ', want: 'home' },
  { it: 'letters in parts, which are joined', text: 'Ko\u0308ln', want: 'K\u00f6ln' },
  { it: '64 characters', text: 'é'.repeat(64), want: 'é'.repeat(64) },
])('a site name may have $it', ({ text, want }) => expect(parseSiteName(text)).toEqual({ ok: true, value: want }))

test.each([
  { it: 'nothing', text: '', kind: 'empty' },
  { it: 'only spaces', text: '   ', kind: 'empty' },
  { it: '65 characters', text: 'x'.repeat(65), kind: 'too-long' },
  { it: 'a line break', text: 'a\nb', kind: 'bad-characters' },
  { it: 'a carriage return', text: 'a\rb', kind: 'bad-characters' },
  { it: 'a NUL', text: 'a\0b', kind: 'bad-characters' },
  { it: 'a terminal escape', text: 'a\u001b[31mb', kind: 'bad-characters' },
  { it: 'a line separator', text: 'a\u2028b', kind: 'bad-characters' },
  { it: 'an order reversal', text: 'a\u202eb', kind: 'bad-characters' },
  { it: 'half a character', text: 'a\ud800b', kind: 'bad-characters' },
  { it: 'a double quote', text: 'a"b', kind: 'bad-characters' },
  { it: 'a single quote', text: "a'b", kind: 'bad-characters' },
  { it: 'a backslash', text: 'a\\b', kind: 'bad-characters' },
  { it: 'a dollar', text: '$(reboot)', kind: 'bad-characters' },
  { it: 'a backtick', text: '`reboot`', kind: 'bad-characters' },
])('a site name with $it is refused', ({ text, kind }) => {
  expect(parseSiteName(text)).toMatchObject({ ok: false, error: { kind } })
})

test('the refused character is named when it can be seen', () => {
  expect(parseSiteName('a$b')).toMatchObject({
    error: { message: 'a site name must not have the character $; leave it out' },
  })
  expect(parseSiteName('a\nb')).toMatchObject({ error: { message: expect.stringContaining('line breaks') } })
})
