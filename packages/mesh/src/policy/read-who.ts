import type { Place } from './finding.ts'
import type { NodeReader } from './node-reader.ts'
import { readSelector } from './read-selector.ts'
import type { Selector } from './selector.ts'

/** A selector at its place, or null with a finding. */
export function readWho(reader: NodeReader, text: string, at: Place): Selector | null {
  const read = readSelector(text, at)
  if (!read.ok) {
    reader.refuse(at, 'bad-value', read.error)
    return null
  }
  if (read.value.note) reader.note(at, 'not-here', read.value.note)
  return read.value.selector
}

/** The same for the source of a rule, where a machine cannot be called "itself". */
export function readSource(reader: NodeReader, text: string, at: Place): Selector | null {
  const selector = readWho(reader, text, at)
  if (selector?.kind !== 'autogroup' || selector.name !== 'self') return selector
  reader.refuse(at, 'bad-value', {
    message: '"autogroup:self" means the machines of whoever asks, so it stands in dst only.',
    fix: 'Write autogroup:member in src and autogroup:self:* in dst',
  })
  return null
}
