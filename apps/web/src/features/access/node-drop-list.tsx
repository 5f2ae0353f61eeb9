'use client'

import { addRules } from '@spanwire/mesh/policy/add-rules'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import { DropList } from './drop-list.tsx'
import { useDraftPolicy } from './use-draft-policy.ts'

type Props = Pick<Parameters<typeof DropList>[0], 'drops' | 'more'> & { network: string }

/** On the page of a node: a rule goes into the text that is being written, and the review opens. */
export function NodeDropList({ network, drops, more }: Props) {
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
