import classes from './diff-lines.module.css'

export type DiffLine = {
  kind: 'same' | 'added' | 'removed'
  from: number | null
  to: number | null
  text: string
} | null

const SIGNS = { same: ' ', added: '+', removed: '−' } as const

/** Lines of two texts; null where lines that did not change are left out. */
export function DiffLines({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  if (!lines.some((line) => line !== null && line.kind !== 'same')) return <p>The texts are the same.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long texts scroll, also by keyboard
    <section className={classes.lines} tabIndex={0} aria-label={label}>
      {lines.map((line, place) =>
        line === null ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one answer never change their places
          <div key={place} className={classes.skipped}>
            ⋯
          </div>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <div key={place} className={classes.line} data-kind={line.kind}>
            <span className={classes.number} aria-hidden>
              {line.to ?? line.from}
            </span>
            <span className={classes.sign}>{SIGNS[line.kind]}</span>
            <span className={classes.text}>{line.text || ' '}</span>
          </div>
        ),
      )}
    </section>
  )
}
