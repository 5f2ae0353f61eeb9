'use client'

import { memo } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import { someNames } from '~/ui/some-names.ts'
import classes from './access.module.css'
import type { RuleFields, RuleRow } from './read-rules.ts'

type Props = {
  row: RuleRow
  /** why nothing may be changed */
  whyNot: string | null
  /** Stay the same from render to render. */
  onEdit: (number: number) => void
  onRemove: (number: number) => void
  onLine: (line: number) => void
}

/** One rule as a sentence. With each key that is pressed in the text only those that changed are drawn again. */
export const RuleItem = memo(
  ({ row, whyNot, onEdit, onRemove, onLine }: Props) => (
    <li className={classes.rule}>
      <div className={classes.ruleHead}>
        <button type="button" className={classes.link} onClick={() => onLine(row.line)}>
          Rule {row.number}
        </button>
        {row.comment && <span className={classes.ruleComment}>{row.comment}</span>}
      </div>
      {row.fields ? <RuleWords fields={row.fields} /> : <pre className={classes.ruleText}>{row.text}</pre>}
      <div className={classes.ruleActions}>
        {row.fields ? (
          <>
            <ActionButton
              size="compact-sm"
              variant="subtle"
              why={whyNot}
              aria-label={`Edit rule ${row.number}`}
              onClick={() => onEdit(row.number)}
            >
              Edit
            </ActionButton>
            <ActionButton
              size="compact-sm"
              variant="subtle"
              color="bad"
              why={whyNot}
              aria-label={`Remove rule ${row.number}`}
              onClick={() => onRemove(row.number)}
            >
              Remove
            </ActionButton>
          </>
        ) : (
          <ActionButton
            size="compact-sm"
            variant="subtle"
            aria-label={`Edit in the text: rule ${row.number}`}
            onClick={() => onLine(row.line)}
          >
            Edit in the text
          </ActionButton>
        )}
      </div>
    </li>
  ),
  (a, b) =>
    a.row.text === b.row.text &&
    a.row.comment === b.row.comment &&
    a.row.number === b.row.number &&
    a.row.line === b.row.line &&
    a.whyNot === b.whyNot,
)

function RuleWords({ fields: { from, to, ports, protocol } }: { fields: RuleFields }) {
  const several = ports !== null && /[,-]/.test(ports)
  return (
    <p className={classes.ruleWords}>
      <b>{someNames(from) || 'nobody'}</b> may reach <b>{someNames(to) || 'nobody'}</b>
      {ports === '*' ? ' on all ports' : ports !== null && ` on ${several ? 'ports' : 'port'} ${ports}`}
      {protocol && ` by ${protocol}`}
    </p>
  )
}
