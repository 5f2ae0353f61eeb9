'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { parseAsBoolean, useQueryState } from 'nuqs'
import { useTRPC } from '~/trpc/client.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { UrlTabs } from '~/ui/url-tabs.tsx'
import { accessSentence } from './access-sentence.ts'
import { NoPolicy } from './no-policy.tsx'
import { PolicyTab } from './policy-tab.tsx'
import { TrialPanel } from './trial-panel.tsx'
import { useDraftPolicy } from './use-draft-policy.ts'

const Waiting = () => <SkeletonRows rows={6} height={44} />
const Review = dynamic(() => import('./review.tsx').then((module) => module.Review), {
  ssr: false,
  loading: Waiting,
})
const ReachTab = dynamic(() => import('./reach-tab.tsx').then((module) => module.ReachTab), {
  ssr: false,
  loading: Waiting,
})
const VersionsTab = dynamic(() => import('./versions-tab.tsx').then((module) => module.VersionsTab), {
  ssr: false,
  loading: Waiting,
})
const RulesTab = dynamic(() => import('./rules-tab.tsx').then((module) => module.RulesTab), {
  ssr: false,
  loading: Waiting,
})

/** While machines try a version each of their reports may change what is said of it. */
const TRIAL_RENEW_MS = 1_500
const NOTHING = { text: '', number: null }

/** Who may reach whom? */
export function AccessView({ network }: { network: string }) {
  const query = useQuery(
    useTRPC().policy.get.queryOptions(
      { networkId: network },
      { refetchInterval: ({ state }) => (state.data?.trial?.state === 'running' ? TRIAL_RENEW_MS : false) },
    ),
  )
  const policy = query.data
  const onTrial = policy?.trial?.state === 'running' ? policy.trial : null
  const shown = onTrial && policy?.trialText != null ? { text: policy.trialText, number: onTrial.number } : policy
  const draft = useDraftPolicy(network, shown ?? NOTHING)
  const [reviewing, setReviewing] = useQueryState('review', parseAsBoolean.withDefault(false))
  if (query.isError && !policy) {
    return (
      <Page title="Access">
        <ErrorPanel title="The policy could not be read" error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    )
  }
  if (!policy) {
    return (
      <Page title="Access" lead=" ">
        <SkeletonRows rows={8} height={56} />
      </Page>
    )
  }
  if (reviewing && draft.isChanged && !onTrial) {
    return <Review network={network} policy={policy} draft={draft} onClose={() => void setReviewing(null)} />
  }
  const review = () => void setReviewing(true, { history: 'push' })
  return (
    <Page title="Access" lead={accessSentence(policy)}>
      {policy.trial && <TrialPanel network={network} trial={policy.trial} holds={policy.number} draft={draft} />}
      <UrlTabs
        label="Access"
        tabs={[
          {
            name: 'policy',
            label: 'Policy',
            content: () => (
              <>
                {policy.number === null && !onTrial && !draft.isChanged && (
                  <NoPolicy clusters={policy.names.clusters} draft={draft} />
                )}
                <PolicyTab network={network} policy={policy} draft={draft} onReview={review} />
              </>
            ),
          },
          {
            name: 'reach',
            label: 'Reach',
            content: () => <ReachTab network={network} policy={policy} draft={draft} />,
          },
          {
            name: 'versions',
            label: 'Versions',
            content: () => <VersionsTab network={network} policy={policy} draft={draft} onReview={review} />,
          },
          {
            name: 'rules',
            label: 'Counters',
            content: () => <RulesTab network={network} draft={draft} onReview={review} />,
          },
        ]}
      />
    </Page>
  )
}
