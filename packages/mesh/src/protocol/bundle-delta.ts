/**
 * What a bundle changes of the one before, line by line (docs/protocol.md, "A delta"). The checksums of the whole are in it, so who puts it
 * to other files than those it was made from sees that the sums differ, and asks for the whole.
 *
 *   spanwire delta 1
 *   base VIEW          of the bundle that is changed
 *   sums HEX           SHA-256 of the file SHA256SUMS that must come of it
 *   file NAME          each file that is new or another, made of the lines that follow:
 *   keep N             the next N lines of the file of before
 *   drop N             not those
 *   +TEXT              this line
 *   gone NAME          no such file any more
 */
import { invariant } from '../invariant.ts'
import { editLines } from './edit-lines.ts'
import type { BundleFile } from './render-bundle.ts'

export const DELTA_HEAD = 'spanwire delta 1'
export const SUMS = 'SHA256SUMS'

/** Null where a delta cannot say it, or is no shorter than the files themselves. */
export function bundleDelta(
  before: readonly BundleFile[],
  after: readonly BundleFile[],
  base: string,
  sha256hex: (text: string) => string,
): string | null {
  const old = new Map(before.map(({ name, text }) => [name, text]))
  const names = new Set(after.map(({ name }) => name))
  const sums = after.at(-1)
  invariant(sums?.name === SUMS, 'the sums stand last in a bundle')
  const lines = [DELTA_HEAD, `base ${base}`, `sums ${sha256hex(sums.text)}`]
  for (const { name, text } of after) {
    const known = old.get(name)
    if (known === text) continue
    // A line that does not end could not be told from one that does.
    if (!isLines(text)) return null
    // What a node has in `meta` from its enrolment is in no later bundle: it is always told whole.
    const from = name === 'meta' || known === undefined || !isLines(known) ? '' : known
    lines.push(`file ${name}`)
    for (const line of editLines(from, text)) lines.push(line)
  }
  for (const { name } of before) if (!names.has(name)) lines.push(`gone ${name}`)
  const delta = `${lines.join('\n')}\n`
  return delta.length < after.reduce((size, { text }) => size + text.length, 0) ? delta : null
}

/** As the script does it. Throws where the delta is of other files. */
export function applyDelta(
  before: readonly BundleFile[],
  delta: string,
  sha256hex: (text: string) => string,
): BundleFile[] {
  const files = new Map(before.map(({ name, text }) => [name, text]))
  const [head, , sums, ...lines] = delta.split('\n').slice(0, -1)
  invariant(head === DELTA_HEAD, 'a delta of this format')
  let name = ''
  let old: string[] = []
  for (const line of lines) {
    const [word, value = ''] = line.startsWith('+') ? ['+', line.slice(1)] : line.split(' ')
    if (word === '+') files.set(name, `${files.get(name)}${value}\n`)
    else if (word === 'keep') files.set(name, `${files.get(name)}${old.splice(0, Number(value)).join('')}`)
    else if (word === 'drop') old.splice(0, Number(value))
    else if (word === 'gone') files.delete(value)
    else {
      invariant(word === 'file', `${line.slice(0, 80)} is no line of a delta`)
      name = value
      old = (files.get(name) ?? '').split(/(?<=\n)/)
      files.set(name, '')
    }
  }
  const text = files.get(SUMS) ?? ''
  invariant(sums === `sums ${sha256hex(text)}`, 'the delta is of these files')
  const listed = text.split('\n').filter(Boolean)
  invariant(listed.length === files.size - 1, 'the sums are of all files')
  const named = listed.map((line) => {
    const file = { name: line.slice(66), text: files.get(line.slice(66)) ?? '' }
    invariant(sha256hex(file.text) === line.slice(0, 64), `the sum of ${file.name}`)
    return file
  })
  return [...named, { name: SUMS, text }]
}

const isLines = (text: string): boolean => text === '' || text.endsWith('\n')
