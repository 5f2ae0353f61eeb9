/**
 * The cells of the matrix as columns of letters: six for a pair, whatever is in it, where an object of its own would be 150. 300 nodes have
 * 44,850 pairs. Pairs stand in the order (0, 1), (0, 2), … (1, 2), …; between sites the inside of each is a pair too, (0, 0) first.
 *
 *   state   1   kind, status, and whether there and back differ: (kind * 5 + status) * 2 + 1 if they do, by their places in the lists
 *   rtt     2   ms, from 0.01, 584 steps for a decade: within 0.2 %
 *   loss    1   a share, from 0.001, 20 steps for a decade: within 6 %
 *   age     2   seconds of the oldest proof before `at`, from 0.1, 409 steps for a decade: within 0.3 %
 */
import type { TunnelStatus } from '../health/tunnel-status.ts'
import { codeAt, fromLetters, type LetterScale, letterOf, toLetters } from './letter-scale.ts'
import { PATH_KINDS, type PathKind } from './path-kind.ts'

export type PathCell = {
  /** Places of the rows; a < b, or a = b for the inside of a site. */
  readonly a: number
  readonly b: number
  /** Of the worse direction. */
  readonly kind: PathKind
  readonly status: TunnelStatus['status']
  readonly rttMs: number | null
  /** 0..1 */
  readonly loss: number | null
  /** The oldest proof on the way, ms. */
  readonly evidenceAt: number | null
  /** The two directions take other ways. */
  readonly asymmetric: boolean
  /** Between sites: how many pairs, and how many of them are direct and alive. */
  readonly pairs: number
  readonly direct: number
}

export type PackedCells = {
  readonly state: string
  readonly rtt: string
  readonly loss: string
  readonly age: string
  /** Between sites how many pairs are direct and alive; null between nodes, where the state says it. */
  readonly direct: readonly number[] | null
}

export const STATUSES = [
  'up',
  'one-way',
  'down',
  'stale',
  'unknown',
] as const satisfies readonly TunnelStatus['status'][]

const RTT: LetterScale = { letters: 2, least: 0.01, perDecade: 584 }
const LOSS: LetterScale = { letters: 1, least: 0.001, perDecade: 20 }
const AGE: LetterScale = { letters: 2, least: 0.1, perDecade: 409 }

/** All of them, in the order of their pairs. */
export function packCells(cells: Iterable<PathCell>, by: 'node' | 'site', at: number): PackedCells {
  let [state, rtt, loss, age] = ['', '', '', '']
  const direct: number[] = []
  for (const cell of cells) {
    const { evidenceAt } = cell
    const kind = PATH_KINDS.indexOf(cell.kind) * STATUSES.length + STATUSES.indexOf(cell.status)
    state += letterOf(kind * 2 + Number(cell.asymmetric))
    rtt += toLetters(RTT, cell.rttMs)
    loss += toLetters(LOSS, cell.loss)
    age += toLetters(AGE, evidenceAt === null ? null : (at - evidenceAt) / 1000)
    if (by === 'site') direct.push(cell.direct)
  }
  return { state, rtt, loss, age, direct: by === 'site' ? direct : null }
}

/** `rows`: how many nodes each has. */
export function unpackCells(packed: PackedCells, rows: readonly { readonly nodes: number }[], at: number): PathCell[] {
  const cells: PathCell[] = []
  const isBySite = packed.direct !== null
  for (let a = 0; a < rows.length; a++) {
    for (let b = isBySite ? a : a + 1; b < rows.length; b++) {
      const place = cells.length
      const code = codeAt(packed.state, place)
      const kind = PATH_KINDS[Math.floor(code / 2 / STATUSES.length)] ?? 'none'
      const status = STATUSES[(code >> 1) % STATUSES.length] ?? 'unknown'
      const age = fromLetters(AGE, packed.age, place)
      cells.push({
        ...{ a, b, kind, status, asymmetric: code % 2 === 1 },
        rttMs: threeDigits(fromLetters(RTT, packed.rtt, place)),
        loss: threeDigits(fromLetters(LOSS, packed.loss, place)),
        evidenceAt: age === null ? null : at - Math.round(age * 1000),
        pairs: isBySite ? pairsOf(rows, a, b) : 1,
        direct: packed.direct ? (packed.direct[place] ?? 0) : Number(isDirect({ kind, status })),
      })
    }
  }
  return cells
}

/** Proven, and by no gateway. */
export const isDirect = ({ kind, status }: Pick<PathCell, 'kind' | 'status'>): boolean =>
  status === 'up' && (kind === 'direct' || kind === 'lan')

function pairsOf(rows: readonly { readonly nodes: number }[], a: number, b: number): number {
  const [there, here] = [rows[a]?.nodes ?? 0, rows[b]?.nodes ?? 0]
  return a === b ? (there * (there - 1)) / 2 : there * here
}

/** More than that is not in the letters. */
const threeDigits = (value: number | null): number | null => value && Number(value.toPrecision(3))
