import { expect, test } from 'vitest'
import { plainValue } from './json-node.ts'
import { DEEPEST, LARGEST_TEXT, readHujson } from './read-hujson.ts'
import { randomOf } from './testing/random.ts'

const read = (text: string) => {
  const tree = readHujson(text)
  if (!tree.ok) throw new Error(tree.error[0]?.message)
  return tree.value
}
const faults = (text: string) => {
  const tree = readHujson(text)
  return tree.ok ? [] : tree.error.map(({ line, column, message }) => `${line}:${column} ${message}`)
}

test('comments and trailing commas are left out, everything else is what JSON says', () => {
  const text =
    '// a policy\n{ /* one */ "a": [1, 2.5e1, -0,], // two\n"b": {"c": null, "ü": "\\u00e9\\n\\"", "url": "http://x /* no comment */"}, }'
  expect(plainValue(read(text))).toEqual({
    a: [1, 25, -0],
    b: { c: null, ü: 'é\n"', url: 'http://x /* no comment */' },
  })
})

test('every value and key knows its line and column in characters, and where the editor finds it', () => {
  const text = '{\n  // ä\n  "🦊": ["ö",\r\n    true]\n}'
  const root = read(text)
  if (root.kind !== 'object') throw new Error('no object')
  const [member] = root.members
  expect(member?.keyAt).toEqual({ line: 3, column: 3, from: text.indexOf('"🦊"'), to: text.indexOf(': [') })
  if (member?.value.kind !== 'array') throw new Error('no list')
  // The fox is one character of two units.
  expect(member.value.at).toMatchObject({ line: 3, column: 8 })
  expect(member.value.items[1]?.at).toMatchObject({ line: 4, column: 5, from: text.indexOf('true') })
})

test.each([
  ['{"a": 1, "a": 2}', '1:10 "a" stands here twice; the first is in line 1.'],
  ['{"a" 1}', '1:6 A colon is missing after "a".'],
  ['{a: 1}', '1:2 A name is expected here.'],
  ['{"a": "x\\q"}', '1:9 \\q is not an escape.'],
  ['{"a": "\\u12g4"}', '1:8 After \\u four hexadecimal digits are needed.'],
  ['{"a": "x\n"}', '1:7 This text has no end.'],
  ['{"a": "\u0001"}', '1:8 A control character stands in this text.'],
  ['[1 2]', '1:4 A comma or ] is expected here.'],
  ['[1,,2]', '1:4 There is a comma too many.'],
  ['[,]', '1:2 There is a comma too many.'],
  ['{"a": [1', '1:9 The policy ends, but the bracket at its character 7 is still open.'],
  ['{} {}', '1:4 The policy ends before this.'],
  ['{"a": 01}', '1:7 01 is neither a number nor a text.'],
  ['{"a": yes}', '1:7 yes is neither a number nor a text.'],
  ['/* {}', '1:1 This comment never ends.'],
  ['/ {}', '1:1 A single / means nothing here.'],
  ['', '1:1 A value is missing at the end.'],
  ['{"a": }', '1:7 A value is expected here.'],
])('%j is refused: %s', (text, fault) => expect(faults(text)).toEqual([fault]))

test('each fault has a fix', () => {
  const tree = readHujson('{"a": [1, 2}')
  expect(tree.ok ? null : tree.error[0]).toMatchObject({
    severity: 'error',
    fix: 'Put a comma after what stands before, or close with ]',
  })
})

test('nesting and size have a limit', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(faults(nested(DEEPEST + 1))).toEqual([])
  expect(faults(nested(DEEPEST + 2))).toEqual([`1:${DEEPEST + 2} This is nested more than ${DEEPEST} deep.`])
  expect(faults('['.repeat(LARGEST_TEXT))).toHaveLength(1)
  expect(faults(' '.repeat(LARGEST_TEXT + 1))[0]).toMatch(/^1:1 The policy has 1048577 characters/)
})

test('a text of a megabyte in one line is read in a moment', () => {
  const text = `[${'"ä",'.repeat(200_000)}]`
  const begun = Date.now()
  read(text)
  // Seconds if columns were counted from the start of the line each time.
  expect(Date.now() - begun).toBeLessThan(10_000)
})

test('whatever is typed, the reader never throws and names a place inside of the text', { timeout: 60_000 }, () => {
  const random = randomOf(7)
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"acls"',
    '"\\u0041"',
    '"\\',
    '//x\n',
    '/*x*/',
    '/*',
    '1',
    '-0.5e3',
    'true',
    'null',
    '\n',
    ' ',
    'ß',
    '🦊',
    '\ud83e',
    '\u0000',
    '"',
  ]
  for (let i = 0; i < 20_000; i++) {
    const text = Array.from({ length: random.below(24) }, () => random.one(pieces)).join('')
    const tree = readHujson(text)
    const lines = text.split('\n')
    for (const { from, to, line, column, message, fix } of tree.ok ? [] : tree.error) {
      const where = `${JSON.stringify(text)}: ${line}:${column} ${message}`
      if (from < 0 || from > to || to > text.length || message === '' || fix === '') expect.fail(where)
      if (line < 1 || line > lines.length || column < 1 || column > (lines[line - 1]?.length ?? 0) + 1)
        expect.fail(where)
    }
    // What JSON itself takes is taken, with the same meaning.
    const plain = parsed(text)
    if (plain !== undefined && tree.ok) expect(plainValue(tree.value)).toEqual(plain)
    if (plain !== undefined && !tree.ok) expect(tree.error[0]?.code, JSON.stringify(text)).toBe('duplicate-key')
  }
})

test('a valid document reads as JSON.parse reads it without its comments', () => {
  const random = randomOf(11)
  for (let i = 0; i < 2000; i++) {
    const value = randomValue(random, 0)
    const plain = JSON.stringify(value, null, random.below(3))
    const commented = decorate(random, plain)
    expect(plainValue(read(commented)), commented).toEqual(JSON.parse(plain))
  }
})

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function randomValue(random: ReturnType<typeof randomOf>, depth: number): unknown {
  const kind = random.below(depth > 4 ? 4 : 6)
  if (kind === 0) return random.below(1000) / 8
  if (kind === 1) return random.one(['', 'a', '"', '\\', 'tag:db', '// no', '/* no */', 'ü🦊', '\n', ',}'])
  if (kind === 2) return random.one([true, false])
  if (kind === 3) return null
  const items = Array.from({ length: random.below(4) }, () => randomValue(random, depth + 1))
  return kind === 4 ? items : Object.fromEntries(items.map((item, i) => [`k${i}${random.one(['', '"', '//'])}`, item]))
}

/** Comments and blanks between tokens, and commas before closing brackets. */
function decorate(random: ReturnType<typeof randomOf>, plain: string): string {
  const tokens = plain.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  return tokens
    .map((token, i) => {
      const before = tokens[i - 1]
      const closes = (token === '}' || token === ']') && before !== '{' && before !== '[' && before !== undefined
      const between = random.one(['', ' ', '\n', '// c , } "\n', '/* , " */', '\t\r\n'])
      return `${closes && random.chance(50) ? ',' : ''}${between}${token}`
    })
    .join('')
}
