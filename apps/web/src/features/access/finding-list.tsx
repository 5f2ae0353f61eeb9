'use client'

import { addFence } from '@spanwire/mesh/policy/add-rules'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './access.module.css'
import type { Mark } from './marks-of.ts'
import type { PolicyDetail } from './policy-shapes.ts'
import type { Checked } from './use-checked.ts'

type Props = {
  marks: readonly Mark[]
  /** given where nothing is changed: what is known of the version that holds */
  policy: PolicyDetail | null
  checked: Checked
  text: string
  onLine: (line: number) => void
  onFence: ((text: string) => void) | null
}

const SHOWN = 20

/** What is to be said of the text, under it: for whoever sees no marks, and with the way to each line. */
export function FindingList({ marks, policy, checked, text, onLine, onFence }: Props) {
  const own = policy?.warnings.map(
    ({ line, from, to, text, fix }): Mark => ({
      ...{ severity: 'warning', line, from, to },
      text: `${text} ${fix}`.trim(),
    }),
  )
  const all = [...marks, ...(own ?? [])]
  const cluster = checked.check?.cluster ?? policy?.cluster ?? []
  const failed = checked.check?.tests.filter(({ ok }) => !ok) ?? []
  if (all.length + cluster.length + failed.length === 0 && !checked.error) return null
  return (
    <div className={classes.findings}>
      {Boolean(checked.error) && (
        <Notice status="warn">
          {errorWords(checked.error).text} Names and tests are not looked up at this moment.{' '}
          <button type="button" className={classes.link} onClick={checked.retry}>
            Try again
          </button>
        </Notice>
      )}
      <ul className={classes.plain} aria-label="What is to be said of the text">
        {[
          ...failed.map(({ line, text }): Mark => ({ severity: 'error', line, from: 0, to: 0, text: `Test: ${text}` })),
          ...all,
        ]
          .slice(0, SHOWN)
          .map((mark) => (
            <li key={`${mark.from} ${mark.text}`} className={classes.finding}>
              <StatusMark
                status={mark.severity === 'error' ? 'bad' : 'warn'}
                label={mark.severity === 'error' ? 'Error' : 'Warning'}
              />
              <div>
                <button type="button" className={classes.link} onClick={() => onLine(mark.line)}>
                  Line {mark.line}
                </button>{' '}
                {mark.text}
              </div>
            </li>
          ))}
        {cluster.map(({ cluster, need, text }) => (
          <li key={`${cluster} ${need}`} className={classes.finding}>
            <StatusMark status="warn" label="Warning" />
            <div>{text}</div>
          </li>
        ))}
      </ul>
      {all.length > SHOWN && <p className={classes.quiet}>And {all.length - SHOWN} more.</p>}
      {cluster.length > 0 && onFence && (
        <div className={classes.buttons}>
          <ActionButton
            size="compact-sm"
            variant="default"
            onClick={() =>
              onFence(
                addFence(
                  text,
                  cluster.map(({ cluster, fence }) => ({ cluster, rule: fence })),
                ),
              )
            }
          >
            Put in what k3s needs
          </ActionButton>
        </div>
      )}
    </div>
  )
}
