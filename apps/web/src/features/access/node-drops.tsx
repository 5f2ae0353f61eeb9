'use client'

import { addRules } from '@spanwire/mesh/policy/add-rules'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import { Section } from '~/ui/section.tsx'
import { DropList } from './drop-list.tsx'
import { useDraftPolicy } from './use-draft-policy.ts'

const RENEW_MS = 15_000

/** What one machine dropped in the last hour, on its own page. Nothing stands here when it dropped nothing. */
export function NodeDrops({ network, node }: { network: string; node: string }) {
  const trpc = useTRPC()
  const { data } = useQuery(
    trpc.policy.activity.queryOptions({ networkId: network, nodeId: node, hours: 1 }, { refetchInterval: RENEW_MS }),
  )
  if (!data || data.drops.length === 0) return null
  return (
    <Section title="Dropped here" text="What came to this machine in the last hour and no rule let in.">
      <Drops network={network} drops={data.drops} more={data.moreDrops} />
    </Section>
  )
}

type DropsProps = Pick<Parameters<typeof DropList>[0], 'drops' | 'more'> & { network: string }

function Drops({ network, drops, more }: DropsProps) {
  const router = useRouter()
  const { data: policy } = useQuery(useTRPC().policy.get.queryOptions({ networkId: network }))
  const draft = useDraftPolicy(network, { text: policy?.text ?? '', number: policy?.number ?? null })
  return (
    <DropList
      drops={drops}
      more={more}
      none=""
      onAllow={({ from, to, suggestion }) => {
        if (!policy) return
        draft.set(addRules(draft.text, `So that ${from} reaches ${to}`, [suggestion]))
        router.push(paths.accessReview(network))
      }}
    />
  )
}
