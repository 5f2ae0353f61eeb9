/** A line of two texts laid side by side: `same` stands in both. Numbers are those of the text that it is in, `from` the older one's. */
export type DiffLine = {
  readonly kind: 'same' | 'added' | 'removed'
  readonly from: number | null
  readonly to: number | null
  readonly text: string
}

/** Most comparisons of lines that are made; texts that differ in more are shown as one taken out and one put in. */
const MOST_CELLS = 4_000_000

/** What changed between two texts, by the longest sequence of lines that they have in common. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const lines: DiffLine[] = []
  const same = (i: number, j: number) => lines.push({ kind: 'same', from: i + 1, to: j + 1, text: a[i] ?? '' })
  for (let i = 0; i < head; i++) same(i, i)
  lines.push(...middle(a, b, head, a.length - tail, b.length - tail))
  for (let i = tail; i > 0; i--) same(a.length - i, b.length - i)
  return lines
}

/** Changed lines with those around them; what was left out stands as null. */
export function shortDiff(lines: readonly DiffLine[], around = 2): readonly (DiffLine | null)[] {
  const near = (i: number) => lines.slice(Math.max(0, i - around), i + around + 1).some(({ kind }) => kind !== 'same')
  const shown: (DiffLine | null)[] = []
  lines.forEach((line, i) => {
    if (near(i)) shown.push(line)
    else if (shown.at(-1) !== null) shown.push(null)
  })
  return shown
}

function middle(a: readonly string[], b: readonly string[], first: number, endA: number, endB: number): DiffLine[] {
  const removed = (i: number): DiffLine => ({ kind: 'removed', from: i + 1, to: null, text: a[i] ?? '' })
  const added = (j: number): DiffLine => ({ kind: 'added', from: null, to: j + 1, text: b[j] ?? '' })
  const lines: DiffLine[] = []
  const [rows, columns] = [endA - first, endB - first]
  if (rows * columns > MOST_CELLS) {
    for (let i = first; i < endA; i++) lines.push(removed(i))
    for (let j = first; j < endB; j++) lines.push(added(j))
    return lines
  }
  // common[i][j]: how many lines the rests from i and j on have in common.
  const width = columns + 1
  const common = new Uint32Array((rows + 1) * width)
  const at = (i: number, j: number) => common[i * width + j] ?? 0
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      common[i * width + j] =
        a[first + i] === b[first + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  let [i, j] = [0, 0]
  while (i < rows || j < columns) {
    if (i < rows && j < columns && a[first + i] === b[first + j]) {
      lines.push({ kind: 'same', from: first + i + 1, to: first + j + 1, text: a[first + i] ?? '' })
      i++
      j++
    } else if (i < rows && (j === columns || at(i + 1, j) >= at(i, j + 1))) lines.push(removed(first + i++))
    else lines.push(added(first + j++))
  }
  return lines
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
