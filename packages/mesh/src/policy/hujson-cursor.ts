/**
 * A place that moves forward through a HuJSON text: over blanks and comments, and never past the end. Lines and columns are counted as
 * it goes, so a text in one line costs no more than one in many.
 */
import type { Finding, FindingCode, Place } from './finding.ts'
import { error } from './finding.ts'

/** Thrown and caught inside of `readHujson` only: the first thing that is no JSON ends the reading. */
export class SyntaxStop {
  readonly finding: Finding
  constructor(finding: Finding) {
    this.finding = finding
  }
}

export class HujsonCursor {
  readonly text: string
  offset = 0
  #marked = 0
  #line = 1
  #column = 1

  constructor(text: string) {
    this.text = text
  }

  /** The next character, '' at the end. */
  peek(): string {
    return this.text.charAt(this.offset)
  }

  /** From `from`, which is never before the last one asked for, up to here. */
  place(from: number, to = Math.max(from, this.offset)): Place {
    while (this.#marked < from) {
      const code = this.text.charCodeAt(this.#marked++)
      if (code === NEWLINE) {
        this.#line++
        this.#column = 1
      } else if (code < LOW_SURROGATE || code > LAST_SURROGATE) {
        // The second half of a pair is no character of its own.
        this.#column++
      }
    }
    return { from, to, line: this.#line, column: this.#column }
  }

  stop(code: FindingCode, message: string, fix: string, from = this.offset): never {
    const start = Math.min(from, this.text.length)
    throw new SyntaxStop(error(this.place(start, Math.min(start + 1, this.text.length)), code, message, fix))
  }

  skipBlanks(): void {
    const { text } = this
    for (;;) {
      const code = text.charCodeAt(this.offset)
      if (code === SPACE || code === TAB || code === NEWLINE || code === RETURN) this.offset++
      else if (code === SLASH) this.#skipComment()
      else return
    }
  }

  #skipComment(): void {
    const { text, offset } = this
    const second = text.charAt(offset + 1)
    if (second === '/') {
      const end = text.indexOf('\n', offset)
      this.offset = end < 0 ? text.length : end + 1
    } else if (second === '*') {
      const end = text.indexOf('*/', offset + 2)
      if (end < 0) this.stop('syntax', 'This comment never ends.', 'Close it with */')
      this.offset = end + 2
    } else {
      this.stop('syntax', 'A single / means nothing here.', 'A comment begins with // or /*')
    }
  }
}

const TAB = 9
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const SLASH = 47
const LOW_SURROGATE = 0xdc00
const LAST_SURROGATE = 0xdfff
