/**
 * One text made of another: lines `keep N`, `drop N`, `+TEXT`. Not the shortest edit there is, but one found in a walk along both: the
 * files of bundles are sorted, and a change touches few of their lines.
 */
export function editLines(before: string, after: string): string[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const edits = startEdits()
  edits.keep(head)
  walk(a.slice(head, a.length - tail), b.slice(head, b.length - tail), edits)
  edits.keep(tail)
  return edits.lines
}

type Edits = { readonly lines: string[]; keep(count: number): void; drop(count: number): void; add(line: string): void }

function walk(a: readonly string[], b: readonly string[], edits: Edits): void {
  const [inA, inB] = [new Set(a), new Set(b)]
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    const [old, line] = [a[i] as string, b[j] as string]
    if (old === line) {
      edits.keep(1)
      i++
      j++
    } else if (!inB.has(old)) {
      edits.drop(1)
      i++
    } else if (!inA.has(line)) {
      edits.add(line)
      j++
    } else {
      const [dropped, added] = nextMeeting(a, i, b, j)
      edits.drop(dropped)
      for (const end = j + added; j < end; j++) edits.add(b[j] as string)
      i += dropped
    }
  }
  edits.drop(a.length - i)
  for (; j < b.length; j++) edits.add(b[j] as string)
}

/** Lines that many peers have alike must not be taken for the place where both go on. */
const RUN = 3
/** A look ahead costs the square of it. */
const FARTHEST = 64

/** How many lines to drop and to add until both go on alike; one of each where that is too far away. */
function nextMeeting(a: readonly string[], i: number, b: readonly string[], j: number): [number, number] {
  for (let far = 1; far <= FARTHEST; far++)
    for (let dropped = 0; dropped <= far; dropped++)
      if (meets(a, i + dropped, b, j + far - dropped)) return [dropped, far - dropped]
  return [1, 1]
}

function meets(a: readonly string[], i: number, b: readonly string[], j: number): boolean {
  for (let k = 0; k < RUN; k++) if (i + k >= a.length || j + k >= b.length || a[i + k] !== b[j + k]) return false
  return true
}

function startEdits(): Edits {
  const lines: string[] = []
  let [word, count] = ['', 0]
  const end = () => {
    if (count > 0) lines.push(`${word} ${count}`)
    count = 0
  }
  const more = (which: string, by: number) => {
    if (by === 0) return
    if (which !== word) end()
    word = which
    count += by
  }
  return {
    get lines() {
      // What is not kept at the end need not be dropped.
      if (word === 'keep') end()
      return lines
    },
    keep: (by) => more('keep', by),
    drop: (by) => more('drop', by),
    add(line) {
      end()
      lines.push(`+${line}`)
    },
  }
}

/** Without their ends; a text of bundles ends with one. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.slice(0, -1).split('\n'))
