/**
 * The outer form of what a node sends: a first line, single-line fields, and raw blocks whose lines are moved in by one space, so
 * that nothing a tool prints can be taken for a field (docs/protocol.md, "A message from the node").
 *
 * The sender may be hostile. Everything is bounded, every character is looked at a fixed number of times, and nothing throws.
 */
import { err, type Fault, ok, type Result } from '../result.ts'

export type Verb = 'report' | 'enrol' | 'step' | 'answer' | 'preflight'

export type Message = {
  readonly verb: Verb
  readonly fields: ReadonlyMap<string, string>
  readonly blocks: ReadonlyMap<string, string>
}

/** `malformed` and `too-large` are the node's fault, `protocol` means that it speaks another version. */
export type MessageFault = Fault<'malformed' | 'protocol' | 'too-large'>

/** In characters; the doors hold the same limit in bytes before anything is decoded. */
export const MAX_MESSAGE = {
  report: 4 << 20,
  enrol: 64 << 10,
  step: 64 << 10,
  answer: 64 << 10,
  preflight: 512 << 10,
} satisfies Record<Verb, number>

const MAX_FIELDS = 64
const MAX_BLOCKS = 256
const MAX_VALUE = 1024

export function parseMessage(text: string, verb: Verb): Result<Message, MessageFault> {
  if (text.length > MAX_MESSAGE[verb]) {
    return err({ kind: 'too-large', message: `a ${verb} has ${MAX_MESSAGE[verb]} bytes at most` })
  }
  const lines = linesOf(text)
  const first = lines.next().value ?? ''
  const head = /^spanwire ([a-z]{1,16}) ([0-9]{1,6})$/.exec(first)
  if (!head || head[1] !== verb) return malformed(`its first line is not "spanwire ${verb} 1"`)
  if (head[2] !== '1') {
    return err({ kind: 'protocol', message: `this server speaks format 1, not ${head[2]}; run the join line again` })
  }
  const fields = new Map<string, string>()
  const blocks = new Map<string, string>()
  let block: { name: string; lines: string[] } | null = null
  const close = () => {
    if (block) blocks.set(block.name, block.lines.length > 0 ? `${block.lines.join('\n')}\n` : '')
    block = null
  }
  for (const line of lines) {
    if (line.startsWith(' ')) {
      if (!block) return malformed('a moved-in line stands outside of a block')
      ;(block as { lines: string[] }).lines.push(line.slice(1))
      continue
    }
    close()
    const opened = /^:([a-z0-9 ._-]{1,64})$/.exec(line)
    if (opened?.[1] !== undefined) {
      if (blocks.has(opened[1])) return malformed(`block "${opened[1]}" comes twice`)
      if (blocks.size === MAX_BLOCKS) return malformed(`it has more than ${MAX_BLOCKS} blocks`)
      block = { name: opened[1], lines: [] }
      continue
    }
    const field = line.length <= MAX_VALUE ? FIELD.exec(line) : null
    if (field?.[1] === undefined) return malformed('a line is neither a field nor a block')
    if (fields.has(field[1])) return malformed(`field "${field[1]}" comes twice`)
    if (fields.size === MAX_FIELDS) return malformed(`it has more than ${MAX_FIELDS} fields`)
    fields.set(field[1], field[2] ?? '')
  }
  close()
  return ok({ verb, fields, blocks })
}

/** Control characters belong to blocks, where they are shown as text at most. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it refuses them
const FIELD = /^([a-z0-9-]{1,32}) ([^\u0000-\u001f\u007f]*)$/

/** One line at a time: a message of 4 MiB of newlines must not become four million strings at once. */
function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    yield text.slice(start, end)
    start = end + 1
  }
}

function malformed(what: string): Result<never, MessageFault> {
  return err({
    kind: 'malformed',
    message: `the message cannot be read: ${what}; is the script damaged? Run the join line again`,
  })
}
