import type { Look } from './edge-look.ts'
import { dashes, lookMark } from './edge-look.ts'
import classes from './topology.module.css'
import { useLegend } from './use-legend.ts'

const lines = [
  { look: 'up', says: 'alive' },
  { look: 'lossy', says: 'losing packets' },
  { look: 'one-way', says: 'one way' },
  { look: 'down', says: 'dead' },
  { look: 'stale', says: 'evidence too old' },
] as const satisfies readonly { look: Look; says: string }[]

const colours = {
  good: 'var(--good-mark)',
  warn: 'var(--warn-mark)',
  bad: 'var(--bad-mark)',
  unknown: 'var(--quiet-mark)',
}

/** What lines and shapes mean. Every line is a measurement; width is traffic, fading is age. */
export function Legend({ withCluster }: { withCluster: boolean }) {
  const [open, toggle] = useLegend()
  return (
    <div className={classes.legend}>
      <button type="button" className={classes.legendButton} aria-expanded={open} onClick={toggle}>
        Legend
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, also by keyboard
        <ul className={classes.legendList} tabIndex={0} aria-label="Legend">
          <li>
            <svg viewBox="0 0 16 14" width="16" height="14" aria-hidden="true">
              <polygon points="8,1 13.2,4 13.2,10 8,13 2.8,10 2.8,4" fill="var(--text)" />
            </svg>
            gateway
          </li>
          <li>
            <svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" fill="none">
              <circle cx="9" cy="9" r="4.5" stroke="var(--text-3)" />
              <path d="M9.8 1.1a8 8 0 0 1 0 15.8" stroke="var(--good-mark)" strokeWidth="1.6" />
              <path d="M8.2 16.9a8 8 0 0 1 0-15.8" stroke="var(--good-mark)" strokeWidth="1.6" />
            </svg>
            member; clockwise: reports, tunnels{withCluster && ', cluster'}
          </li>
          <li>
            <svg viewBox="0 0 10 12" width="10" height="12" aria-hidden="true" fill="var(--text-2)">
              <rect x="1" y="1" width="2.5" height="10" />
              <rect x="6" y="1" width="2.5" height="10" />
            </svg>
            paused
          </li>
          {lines.map(({ look, says }) => (
            <li key={look}>
              <Line look={look} />
              {says}
            </li>
          ))}
          <li>width: traffic; “13 · 35 ms”: tunnels, round trip; “2 of 17”: nodes in trouble</li>
        </ul>
      )}
    </div>
  )
}

function Line({ look }: { look: Look }) {
  const stroke = colours[lookMark(look) as keyof typeof colours]
  return (
    <svg viewBox="0 0 28 12" width="28" height="12" aria-hidden="true">
      <line x1="1" y1="6" x2="27" y2="6" stroke={stroke} strokeWidth="2" strokeDasharray={dashes[look].join(' ')} />
      {look === 'down' && <path d="M10 2l8 8m0-8l-8 8" stroke={stroke} strokeWidth="1.8" />}
    </svg>
  )
}
