'use client'

import { Button } from '@mantine/core'
import type { Policy } from '@spanwire/mesh/policy/policy'
import dynamic from 'next/dynamic'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { ActionButton } from '~/ui/action-button.tsx'
import { count } from '~/ui/units.ts'
import classes from './access.module.css'
import { addRule, changeRule, removeRule } from './edit-rules.ts'
import { type RuleRow, readRules } from './read-rules.ts'
import { RuleItem } from './rule-item.tsx'
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

/** As many as are looked through; more are drawn when they are asked for. */
const SHOWN = 60

/** The rules as sentences with fields. What a form would lose of a rule is left to the text. */
export function RulesForm({ text, names, known, whyNot, onText, onLine }: Props) {
  // Typing in the text does not wait for this list.
  const settled = useDeferredValue(text)
  const rows = useMemo(() => readRules(settled), [settled])
  const [editing, setEditing] = useState<RuleRow | 'add' | null>(null)
  const [all, setAll] = useState(false)
  const latest = useRef({ text, onText, onLine })
  useEffect(() => {
    latest.current = { text, onText, onLine }
  })
  // Where it stands in the text of this moment, not in the one that is drawn.
  const rowOf = useCallback(
    (number: number) => readRules(latest.current.text)?.find((row) => row.number === number),
    [],
  )
  const edit = useCallback((number: number) => setEditing(rowOf(number) ?? null), [rowOf])
  const remove = useCallback(
    (number: number) => {
      const row = rowOf(number)
      if (row) latest.current.onText(removeRule(latest.current.text, row))
    },
    [rowOf],
  )
  const toLine = useCallback((line: number) => latest.current.onLine(line), [])
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
          {rows.slice(0, all ? undefined : SHOWN).map((row) => (
            <RuleItem key={row.number} row={row} whyNot={whyNot} onEdit={edit} onRemove={remove} onLine={toLine} />
          ))}
        </ul>
      )}
      {!all && rows.length > SHOWN && (
        <Button size="compact-sm" variant="subtle" mt="xs" onClick={() => setAll(true)}>
          Show {count(rows.length - SHOWN, 'more rule')}
        </Button>
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
