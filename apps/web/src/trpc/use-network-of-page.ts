'use client'

import { useQuery } from '@tanstack/react-query'
import { useParams } from 'next/navigation'
import { useTRPC } from './client.tsx'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The network that the page belongs to; undefined outside of one, and where the address names none that exists. */
export function useNetworkOfPage(): string | undefined {
  const { network: named } = useParams<{ network?: string }>()
  const network = named && UUID.test(named) ? named : undefined
  const { error } = useQuery(useTRPC().network.get.queryOptions({ id: network ?? '' }, { enabled: Boolean(network) }))
  const code = error?.data?.code
  return code === 'NOT_FOUND' || code === 'BAD_REQUEST' ? undefined : network
}
