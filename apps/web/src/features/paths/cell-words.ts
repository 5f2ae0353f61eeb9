/** One cell in a few words, for the pointer, the keyboard and a screen reader. */

import type { Status } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import { MEASURE_WORDS, type Measure, measuredOf, valueWords } from './measure.ts'
import type { Cell, MatrixRow } from './path-shapes.ts'
import { KIND_WORDS, STATUS_MARKS, STATUS_WORDS } from './path-words.ts'

export type CellWords = {
  readonly title: string
  readonly lines: { readonly status: Status | null; readonly text: string }[]
}

export function cellWords(from: MatrixRow, to: MatrixRow, cell: Cell | null, measure: Measure, now: number): CellWords {
  const isInside = from.id === to.id
  const title = isInside ? (from.role === 'site' ? `Inside ${from.name}` : from.name) : `${from.name} → ${to.name}`
  if (!cell) return { title, lines: [{ status: null, text: isInside ? 'the node itself' : 'nothing is known' }] }
  const values = (['rtt', 'loss', 'age'] as const).flatMap((each) => {
    const value = measuredOf(cell, each, now)
    if (value === null) return each === measure ? [`${MEASURE_WORDS[each].toLowerCase()}: not measured`] : []
    if (each === 'rtt') return [valueWords(each, value)]
    return [
      each === 'loss'
        ? `${valueWords(each, value)} lost`
        : `${cell.status === 'up' ? 'proven' : 'last alive'} ${valueWords(each, value)} ago`,
    ]
  })
  const pairs = cell.pairs > 1 || from.role === 'site'
  return {
    title,
    lines: [
      {
        status: cell.kind === 'none' ? 'none' : cell.kind === 'unreachable' ? 'bad' : STATUS_MARKS[cell.status],
        text: [
          KIND_WORDS[cell.kind],
          ...(cell.kind === 'none' || cell.kind === 'unreachable' ? [] : [STATUS_WORDS[cell.status]]),
        ].join(', '),
      },
      ...(values.length > 0 ? [{ status: null, text: values.join(' · ') }] : []),
      ...(cell.asymmetric ? [{ status: null, text: 'there and back go by different ways' }] : []),
      ...(pairs
        ? [{ status: null, text: `${cell.direct.toLocaleString('en')} of ${count(cell.pairs, 'pair')} direct` }]
        : []),
    ],
  }
}

export const spoken = ({ title, lines }: CellWords): string => [title, ...lines.map(({ text }) => text)].join('. ')
