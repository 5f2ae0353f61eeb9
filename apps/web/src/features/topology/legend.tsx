import classes from './topology.module.css'

const lines = [
  { says: 'alive both ways', stroke: 'var(--good-mark)', dash: undefined },
  { says: 'one way only', stroke: 'var(--warn-mark)', dash: '1.5 4' },
  { says: 'dead', stroke: 'var(--bad-mark)', dash: undefined, cross: true },
  { says: 'evidence too old', stroke: 'var(--quiet-mark)', dash: '6 6' },
]

/** What the lines and shapes mean. Every line is a measurement; width is traffic, fading is age. */
export function Legend() {
  return (
    <div className={classes.legend} role="note" aria-label="Legend">
      <svg viewBox="0 0 30 14" aria-hidden="true">
        <polygon points="15,1 20.5,4 20.5,10 15,13 9.5,10 9.5,4" fill="none" stroke="var(--text)" />
      </svg>
      <span>gateway</span>
      <svg viewBox="0 0 30 14" aria-hidden="true">
        <circle cx="15" cy="7" r="5" fill="none" stroke="var(--text)" />
      </svg>
      <span>member; arcs: reports, tunnels, cluster</span>
      {lines.map(({ says, stroke, dash, cross }) => (
        <LegendLine key={says} {...{ says, stroke, dash, cross }} />
      ))}
    </div>
  )
}

function LegendLine({ says, stroke, dash, cross }: { says: string; stroke: string; dash?: string; cross?: boolean }) {
  return (
    <>
      <svg viewBox="0 0 30 14" aria-hidden="true">
        <line x1="1" y1="7" x2="29" y2="7" stroke={stroke} strokeWidth="2" strokeDasharray={dash} />
        {cross && <path d="M11 3l8 8m0-8l-8 8" stroke={stroke} strokeWidth="1.6" />}
      </svg>
      <span>{says}</span>
    </>
  )
}
