'use client'

import { useQuery } from '@tanstack/react-query'
import { useTRPC } from './client.tsx'

/** Tags that the policy or a machine of the network has, to choose from. */
export function useKnownTags(network: string): readonly string[] {
  const { data } = useQuery(useTRPC().policy.get.queryOptions({ networkId: network }))
  return data?.names.tags ?? []
}
