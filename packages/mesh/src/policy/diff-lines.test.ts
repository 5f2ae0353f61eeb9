import { expect, test } from 'vitest'
import { type DiffLine, diffLines, shortDiff } from './diff-lines.ts'

const shown = (lines: readonly (DiffLine | null)[]) =>
  lines.map((line) => (line === null ? '…' : `${{ same: ' ', added: '+', removed: '-' }[line.kind]}${line.text}`))

test.each([
  { it: 'nothing', a: 'x\ny\n', b: 'x\ny\n', want: [' x', ' y'] },
  { it: 'a line put in', a: 'x\nz', b: 'x\ny\nz\n', want: [' x', '+y', ' z'] },
  { it: 'a line changed', a: 'x\ny\nz', b: 'x\nY\nz', want: [' x', '-y', '+Y', ' z'] },
  { it: 'everything, from nothing', a: '', b: 'x\ny', want: ['+x', '+y'] },
  { it: 'a line moved', a: 'a\nb\nc\nd', b: 'b\nc\na\nd', want: ['-a', ' b', ' c', '+a', ' d'] },
])('$it', ({ a, b, want }) => expect(shown(diffLines(a, b))).toEqual(want))

test('lines bear the numbers of their own text', () =>
  expect(diffLines('a\nb', 'a\nc\nb')).toEqual([
    { kind: 'same', from: 1, to: 1, text: 'a' },
    { kind: 'added', from: null, to: 2, text: 'c' },
    { kind: 'same', from: 2, to: 3, text: 'b' },
  ]))

test('what is far from a change is left out, once', () => {
  const lines = Array.from({ length: 12 }, (_, i) => String(i))
  const after = lines.map((line) => (line === '6' ? 'six' : line))
  expect(shown(shortDiff(diffLines(lines.join('\n'), after.join('\n')), 1))).toEqual([
    '…',
    ' 5',
    '-6',
    '+six',
    ' 7',
    '…',
  ])
})

test('texts that have nothing in common and are huge are still answered', () => {
  const text = (letter: string) => Array.from({ length: 3000 }, (_, i) => `${letter}${i}`).join('\n')
  const lines = diffLines(text('a'), text('b'))
  expect([lines.length, lines[0]?.kind, lines.at(-1)?.kind]).toEqual([6000, 'removed', 'added'])
})

test('any two texts: taking the removed out and putting the added in gives the other', () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % below
  }
  for (let round = 0; round < 300; round++) {
    const text = () => Array.from({ length: random(12) }, () => 'abc'[random(3)]).join('\n')
    const [a, b] = [text(), text()]
    const lines = diffLines(a, b)
    const of = (kind: 'added' | 'removed') => lines.filter((line) => line.kind !== kind).map((line) => line.text)
    expect(of('added').join('\n')).toBe(a)
    expect(of('removed').join('\n')).toBe(b)
  }
})
