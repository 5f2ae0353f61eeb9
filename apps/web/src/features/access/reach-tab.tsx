'use client'

import { SegmentedControl } from '@mantine/core'
import { REACH_GROUPINGS } from '@spanwire/mesh/policy/reach-groups'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import classes from './access.module.css'
import { ExplainForm, type Question } from './explain-form.tsx'
import type { PolicyDetail } from './policy-shapes.ts'
import { ReachTable } from './reach-table.tsx'
import type { DraftPolicy } from './use-draft-policy.ts'

type Props = { network: string; policy: PolicyDetail; draft: DraftPolicy }

const SOURCES = ['holds', 'trial', 'draft'] as const
type Source = (typeof SOURCES)[number]

/** "Can A reach B?", asked of a form, and of all at once in a table: under what holds, what is on trial, or what is not saved yet. */
export function ReachTab({ network, policy, draft }: Props) {
  const [family, setFamily] = useQueryState('family', parseAsStringLiteral(['4', '6']).withDefault('4'))
  const [by, setBy] = useQueryState('by', parseAsStringLiteral(REACH_GROUPINGS).withDefault('alike'))
  const [chosen, setChosen] = useQueryState('under', parseAsStringLiteral(SOURCES).withDefault('holds'))
  const texts = textsOf(policy, draft)
  const source = texts.some(({ value }) => value === chosen) ? chosen : 'holds'
  const text = texts.find(({ value }) => value === source)?.text
  const matrix = useQuery(
    useTRPC().policy.matrix.queryOptions(
      { networkId: network, by, family, text },
      { placeholderData: keepPreviousData },
    ),
  )
  const [asked, setAsked] = useState<(Question & { readonly turn: number }) | null>(null)
  return (
    <>
      {texts.length > 1 && (
        <div className={classes.under}>
          <span id="under">Answered under</span>
          <SegmentedControl
            size="xs"
            aria-labelledby="under"
            value={source}
            onChange={(value) => void setChosen(value as Source)}
            data={texts.map(({ value, label }) => ({ value, label }))}
          />
        </div>
      )}
      <Section
        title="Can A reach B?"
        text={`Answered ${WORDS[source]}, for people, nodes, devices, pods and addresses, with the rule that says so.`}
      >
        <ExplainForm
          key={asked?.turn ?? 0}
          network={network}
          names={policy.names}
          asked={asked}
          text={text}
          // A line leads into the text that is shown, which may be another one.
          isShown={source !== 'holds' || texts.length === 1}
        />
      </Section>
      <Section title="Who reaches what">
        {matrix.isError && !matrix.isPlaceholderData ? (
          <ErrorPanel title="The table could not be made" error={matrix.error} onRetry={() => void matrix.refetch()} />
        ) : !matrix.data ? (
          <SkeletonRows rows={5} height={44} />
        ) : (
          <ReachTable
            block={{ network, by, family, text, matrix: matrix.data }}
            onBy={(next) => void setBy(next)}
            onFamily={(next) => void setFamily(next)}
            onAsk={(question) => setAsked((before) => ({ ...question, turn: (before?.turn ?? 0) + 1 }))}
          />
        )}
      </Section>
    </>
  )
}

const WORDS: Readonly<Record<Source, string>> = {
  holds: 'by the version that holds',
  trial: 'by the version on trial',
  draft: 'by the text that is not saved yet',
}

type Text = { readonly value: Source; readonly label: string; readonly text: string | undefined }

function textsOf({ number, trial, trialText }: PolicyDetail, draft: DraftPolicy): readonly Text[] {
  const holds = { value: 'holds', label: number === null ? 'What holds' : `Version ${number}, which holds` } as const
  return [
    { ...holds, text: undefined },
    ...(trial?.state === 'running' && trialText !== null
      ? [{ value: 'trial' as const, label: `Version ${trial.number}, on trial`, text: trialText }]
      : draft.isChanged
        ? [{ value: 'draft' as const, label: 'What is not saved yet', text: draft.text }]
        : []),
  ]
}
