import classes from './step-mark.module.css'
import type { LedgerStep } from './step-words.ts'

/** A step's state as a shape: each is told from the others without its colour. The word stands beside it. */
export function StepMark({ state }: { state: LedgerStep['state'] }) {
  return (
    <svg className={classes.mark} data-state={state} width="20" height="20" viewBox="0 0 20 20" fill="none" aria-hidden>
      {shapes[state]}
    </svg>
  )
}

const shapes = {
  waiting: <circle cx="10" cy="10" r="7.25" stroke="var(--line-strong)" strokeWidth="1.5" />,
  running: (
    <>
      <circle cx="10" cy="10" r="7.25" stroke="var(--line-strong)" strokeWidth="1.5" />
      <path
        className={classes.turning}
        d="M10 2.75A7.25 7.25 0 0 1 17.25 10"
        stroke="var(--accent)"
        strokeWidth="2"
        strokeLinecap="round"
      />
    </>
  ),
  'node-says': (
    <>
      <circle cx="10" cy="10" r="7.25" stroke="var(--info-mark)" strokeWidth="1.5" />
      <path d="M10 5a5 5 0 0 1 0 10Z" fill="var(--info-mark)" />
    </>
  ),
  green: (
    <>
      <circle cx="10" cy="10" r="8" fill="var(--good-mark)" />
      <path
        d="m6.4 10.3 2.5 2.5 4.7-5.2"
        stroke="var(--surface)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  failed: (
    <>
      <rect x="2" y="2" width="16" height="16" rx="3" fill="var(--bad-mark)" />
      <path d="m7 7 6 6m0-6-6 6" stroke="var(--surface)" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  'timed-out': (
    <>
      <path
        d="M5 3h10M5 17h10M6 3c0 4 8 4 8 7s-8 3-8 7M14 3c0 4-8 4-8 7s8 3 8 7"
        stroke="var(--bad-mark)"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </>
  ),
  'not-yet': (
    <>
      <circle cx="10" cy="10" r="7.25" stroke="var(--quiet-mark)" strokeWidth="1.5" strokeDasharray="2.6 2.1" />
      <path d="M7.2 10h5.6" stroke="var(--quiet-mark)" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
} satisfies Record<LedgerStep['state'], React.ReactNode>
