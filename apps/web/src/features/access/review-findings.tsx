import { ActionButton } from '~/ui/action-button.tsx'
import { Notice } from '~/ui/notice.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import type { Mark } from './marks-of.ts'
import type { Check } from './policy-shapes.ts'
import { ReviewAway } from './review-away.tsx'

type Props = {
  marks: readonly Mark[]
  check: Check | null
  onFence: (warnings: readonly { cluster: string; rule: string }[]) => void
}

/** What refuses the text, what it cuts of a cluster, and how its tests went. */
export function ReviewFindings({ marks, check, onFence }: Props) {
  const errors = marks.filter(({ severity }) => severity === 'error')
  const warnings = marks.filter(({ severity }) => severity === 'warning')
  const failed = check?.tests.filter(({ ok }) => !ok) ?? []
  const passed = check?.tests.filter(({ ok, idle }) => ok && !idle).length ?? 0
  const idle = check?.tests.filter((test) => test.idle).length ?? 0
  const cluster = check?.cluster ?? []
  return (
    <div className={classes.stack}>
      {errors.length > 0 && (
        <Notice status="bad">
          <ul className={classes.plain} aria-label="Errors">
            {errors.slice(0, 20).map(({ line, from, text }) => (
              <li key={`${from} ${text}`}>
                <b>Line {line}</b> {text}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {failed.length > 0 && (
        <Notice status="bad">
          <p>
            <b>{failed.length === 1 ? 'A test fails' : `${failed.length} tests fail`}</b>, so it cannot be saved.
          </p>
          <ul className={classes.plain} aria-label="Tests that fail">
            {failed.slice(0, 50).map(({ line, column, text }) => (
              <li key={`${line} ${column}`}>
                <b>Line {line}</b> {text}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {cluster.length > 0 && (
        <Notice status="warn">
          <p>
            <b>It cuts what k3s needs.</b>
          </p>
          <ul className={classes.plain} aria-label="What k3s would miss">
            {cluster.map(({ cluster, need, text }) => (
              <li key={`${cluster} ${need}`}>{text}</li>
            ))}
          </ul>
          <div className={classes.buttons}>
            <ActionButton
              size="compact-sm"
              onClick={() => onFence(cluster.map(({ cluster, fence }) => ({ cluster, rule: fence })))}
            >
              Put in what k3s needs
            </ActionButton>
          </div>
        </Notice>
      )}
      {warnings.length > 0 && (
        <ul className={classes.plain} aria-label="Warnings">
          {warnings.slice(0, 20).map(({ line, from, text }) => (
            <li key={`${from} ${text}`} className={classes.finding}>
              <StatusMark status="warn" label="Warning" />
              <div>
                <b>Line {line}</b> {text}
              </div>
            </li>
          ))}
        </ul>
      )}
      {check && check.away.length > 0 && <ReviewAway away={check.away} />}
      {check && check.tests.length > 0 && failed.length === 0 && (
        <p className={classes.quiet}>
          {count(passed, 'test')} passed{idle > 0 && `, ${idle} about somebody who is not there at the moment`}.
        </p>
      )}
    </div>
  )
}
