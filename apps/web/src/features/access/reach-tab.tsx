'use client'

import { useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { ExplainForm, type Question } from './explain-form.tsx'
import type { PolicyDetail } from './policy-shapes.ts'
import { ReachTable } from './reach-table.tsx'

type Props = { network: string; policy: PolicyDetail }

/** "Can A reach B?", asked of a form, and of all at once in a table. */
export function ReachTab({ network, policy }: Props) {
  const [family, setFamily] = useQueryState('family', parseAsStringLiteral(['4', '6']).withDefault('4'))
  const matrix = useQuery(useTRPC().policy.matrix.queryOptions({ networkId: network, family }))
  const [asked, setAsked] = useState<(Question & { readonly turn: number }) | null>(null)
  return (
    <>
      <Section
        title="Can A reach B?"
        text="Answered by the version that holds, for people, nodes, devices, pods and addresses, with the rule that says so."
      >
        <ExplainForm key={asked?.turn ?? 0} network={network} names={policy.names} asked={asked} />
      </Section>
      <Section
        title="Who reaches what"
        text="Those who are treated alike by every rule stand together. A row reads: from here, to each column."
      >
        {matrix.isError && !matrix.data ? (
          <ErrorPanel title="The table could not be made" error={matrix.error} onRetry={() => void matrix.refetch()} />
        ) : !matrix.data ? (
          <SkeletonRows rows={5} height={44} />
        ) : (
          <ReachTable
            matrix={matrix.data}
            family={family}
            clusters={policy.names.clusters}
            onFamily={(next) => void setFamily(next)}
            onAsk={(question) => setAsked((before) => ({ ...question, turn: (before?.turn ?? 0) + 1 }))}
          />
        )}
      </Section>
    </>
  )
}
