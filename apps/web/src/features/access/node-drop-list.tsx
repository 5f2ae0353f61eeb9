'use client'

import { addRules } from '@spanwire/mesh/policy/add-rules'
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useTRPC } from '~/trpc/client.tsx'
import { paths } from '~/ui/paths.ts'
import { sayFailure } from '~/ui/say.ts'
import { DropList } from './drop-list.tsx'
import type { Drop } from './policy-shapes.ts'
import { changeDraft } from './use-draft-policy.ts'

type Props = Pick<Parameters<typeof DropList>[0], 'drops' | 'more'> & { network: string }

/** On the page of a node: a rule goes into the text that is being written, and the review opens. */
export function NodeDropList({ network, drops, more }: Props) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const router = useRouter()
  const allow = async ({ from, to, suggestion }: Drop) => {
    try {
      const policy = await cache.fetchQuery(trpc.policy.get.queryOptions({ networkId: network }))
      changeDraft(network, policy, (text) => addRules(text, `So that ${from} reaches ${to}`, [suggestion]))
      router.push(paths.accessReview(network))
    } catch (error) {
      sayFailure('The policy could not be read', error)
    }
  }
  return <DropList drops={drops} more={more} none="" onAllow={(drop) => void allow(drop)} />
}
