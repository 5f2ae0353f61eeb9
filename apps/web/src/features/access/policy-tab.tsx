'use client'

import { SegmentedControl } from '@mantine/core'
import { parseAsInteger, parseAsStringLiteral, useQueryState } from 'nuqs'
import { useRef } from 'react'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import classes from './access.module.css'
import { FindingList } from './finding-list.tsx'
import { offerWords } from './offer-words.ts'
import { type EditorDoor, PolicyEditor } from './policy-editor.tsx'
import type { PolicyDetail } from './policy-shapes.ts'
import { RulesForm } from './rules-form.tsx'
import { useChecked } from './use-checked.ts'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; policy: PolicyDetail; draft: DraftPolicy; onReview: () => void }

/** The policy as text and as a form of the same text: what is changed in one stands in the other. */
export function PolicyTab({ network, policy, draft, onReview }: Props) {
  const [view, setView] = useQueryState('view', parseAsStringLiteral(['text', 'form']).withDefault('text'))
  const [line, setLine] = useQueryState('line', parseAsInteger)
  const door = useRef<EditorDoor>(null)
  const whyNot = useWhyNot('admin')
  const onTrial = policy.trial?.state === 'running' ? policy.trial : null
  const locked =
    whyNot ??
    (onTrial ? `Version ${onTrial.number} of ${onTrial.startedBy} is on trial: wait until it has ended.` : null)
  const checked = useChecked(network, draft.text, draft.isChanged)
  const errors = checked.marks.filter(({ severity }) => severity === 'error')
  const why =
    locked ??
    (draft.isChanged ? null : 'Nothing is changed yet.') ??
    (errors.length > 0 ? `There is an error in line ${errors[0]?.line}: ${errors[0]?.text}` : null)
  const review = () => why === null && onReview()

  const showLine = (at: number) => {
    void setView(null)
    // Where the form stood alone the text has to come into sight first.
    setTimeout(() => door.current?.showLine(at), view === 'form' ? 60 : 0)
  }
  // A link that names a line opens there, once.
  const onReady = () => {
    if (line === null) return
    door.current?.showLine(line)
    void setLine(null)
  }
  return (
    <>
      <div className={classes.bar2}>
        <div className={classes.viewSwitch}>
          <SegmentedControl
            size="xs"
            aria-label="View"
            value={view}
            onChange={(value) => void setView(value as 'text' | 'form')}
            data={[
              { value: 'text', label: 'Text' },
              { value: 'form', label: 'Form' },
            ]}
          />
        </div>
        <p className={classes.state}>
          <DraftState policy={policy} draft={draft} isAsking={checked.isAsking} />
        </p>
        <div className={classes.buttons}>
          {draft.isChanged && (
            <ActionButton variant="subtle" color="gray" onClick={draft.discard}>
              Discard
            </ActionButton>
          )}
          <ActionButton why={why} onClick={review}>
            Review changes
          </ActionButton>
        </div>
      </div>
      {locked && (
        <div className={classes.gap}>
          <Notice status="info">{locked}</Notice>
        </div>
      )}
      {draft.isBehind && (
        <div className={classes.gap}>
          <Notice status="warn">
            {policy.number === null ? 'The policy was taken away' : `Version ${policy.number} was confirmed`} since you
            began with this text. The review compares with what holds at this moment.
          </Notice>
        </div>
      )}
      <div className={classes.panes} data-view={view}>
        <div className={classes.textPane}>
          <PolicyEditor
            door={door}
            text={draft.text}
            marks={checked.marks}
            isReadOnly={locked !== null}
            onText={draft.set}
            onSave={review}
            onReady={onReady}
            offer={(text, at) => offerWords(text, at, checked.known, policy.names)}
          />
          <FindingList
            marks={checked.marks}
            policy={draft.isChanged ? null : policy}
            checked={checked}
            onLine={showLine}
            onFence={locked ? null : (text) => draft.set(text)}
            text={draft.text}
          />
        </div>
        <div className={classes.formPane}>
          <RulesForm
            text={draft.text}
            names={policy.names}
            known={checked.known}
            whyNot={locked}
            onText={draft.set}
            onLine={showLine}
          />
        </div>
      </div>
    </>
  )
}

type StateProps = { policy: PolicyDetail; draft: DraftPolicy; isAsking: boolean }

function DraftState({ policy, draft, isAsking }: StateProps) {
  if (draft.isChanged) {
    const what = draft.restores === null ? 'Not saved yet' : `The text of version ${draft.restores}, not saved yet`
    return isAsking ? `${what}. Looking at who gains and loses…` : `${what}. It is kept in this tab of the browser.`
  }
  if (policy.number === null || policy.createdAt === null) return 'A proposal. It holds once it is reviewed and saved.'
  return (
    <>
      Saved by {policy.createdBy} <Ago at={policy.createdAt} />
      {policy.comment && <>: {policy.comment}</>}
    </>
  )
}
