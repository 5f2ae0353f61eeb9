'use client'

import type { Policy } from '@spanwire/mesh/policy/policy'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import { someNames } from '~/ui/some-names.ts'
import classes from './access.module.css'
import { addRule, changeRule, removeRule } from './edit-rules.ts'
import { type RuleFields, type RuleRow, readRules } from './read-rules.ts'
import type { Names } from './world-of-names.ts'

const RuleDialog = dynamic(() => import('./rule-dialog.tsx').then((module) => module.RuleDialog), { ssr: false })

type Props = {
  text: string
  names: Names
  known: Policy
  /** why nothing may be changed */
  whyNot: string | null
  onText: (text: string) => void
  onLine: (line: number) => void
}

/** The rules as sentences with fields. What a form would lose of a rule is left to the text. */
export function RulesForm({ text, names, known, whyNot, onText, onLine }: Props) {
  const rows = useMemo(() => readRules(text), [text])
  const [editing, setEditing] = useState<RuleRow | 'add' | null>(null)
  if (rows === null) {
    return (
      <p className={classes.quiet}>
        The rules stand here again when the text can be read: an error in it is marked there.
      </p>
    )
  }
  return (
    <section aria-label="Rules">
      <div className={classes.formHead}>
        <h2 className={classes.formTitle}>Rules</h2>
        <ActionButton size="compact-sm" variant="default" why={whyNot} onClick={() => setEditing('add')}>
          Add rule
        </ActionButton>
      </div>
      {rows.length === 0 ? (
        <p className={classes.quiet}>
          {known.isOpen
            ? 'No list of rules: everything inside of the network is allowed. With the first rule only what rules accept is.'
            : 'No rule: nothing is allowed.'}
        </p>
      ) : (
        <ul className={classes.rules}>
          {rows.map((row) => (
            <li key={`${row.number} ${row.from}`} className={classes.rule}>
              <div className={classes.ruleHead}>
                <button type="button" className={classes.link} onClick={() => onLine(row.line)}>
                  Rule {row.number}
                </button>
                {row.comment && <span className={classes.ruleComment}>{row.comment}</span>}
              </div>
              {row.fields ? <RuleWords fields={row.fields} /> : <pre className={classes.ruleText}>{row.text}</pre>}
              <div className={classes.ruleActions}>
                {row.fields ? (
                  <ActionButton
                    size="compact-sm"
                    variant="subtle"
                    why={whyNot}
                    aria-label={`Edit rule ${row.number}`}
                    onClick={() => setEditing(row)}
                  >
                    Edit
                  </ActionButton>
                ) : (
                  <ActionButton
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Edit rule ${row.number} in the text`}
                    onClick={() => onLine(row.line)}
                  >
                    Edit in the text
                  </ActionButton>
                )}
                {row.fields && (
                  <ActionButton
                    size="compact-sm"
                    variant="subtle"
                    color="bad"
                    why={whyNot}
                    aria-label={`Remove rule ${row.number}`}
                    onClick={() => onText(removeRule(text, row))}
                  >
                    Remove
                  </ActionButton>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <RuleDialog
          row={editing === 'add' ? null : editing}
          names={names}
          known={known}
          onClose={() => setEditing(null)}
          onDone={(edited) => {
            onText(editing === 'add' ? addRule(text, edited) : changeRule(text, editing, edited))
            setEditing(null)
          }}
        />
      )}
    </section>
  )
}

function RuleWords({ fields: { from, to, ports, protocol } }: { fields: RuleFields }) {
  return (
    <p className={classes.ruleWords}>
      <b>{someNames(from) || 'nobody'}</b> may reach <b>{someNames(to) || 'nobody'}</b>
      {ports !== null &&
        (ports === '*'
          ? ' on all ports'
          : ` on ${ports.includes(',') || ports.includes('-') ? 'ports' : 'port'} ${ports}`)}
      {protocol && ` by ${protocol}`}
    </p>
  )
}
