'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { parsePrefix } from '@spanwire/mesh/ip/prefix'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { Mono } from '~/ui/mono.tsx'
import { Notice } from '~/ui/notice.tsx'

/** Typing settles before the server is asked. */
const TYPING_MS = 250

type Props = { cidr4: string; onTake: (cidr4: string) => void }

/** Whether the range meets one that the server, its nodes or another network use, and a free one to take instead. */
export function RangeNote({ cidr4, onTake }: Props) {
  const trpc = useTRPC()
  const [settled] = useDebouncedValue(cidr4.trim(), TYPING_MS)
  const parsed = parsePrefix(settled)
  const { data } = useQuery(
    trpc.network.propose.queryOptions(
      { cidr4: settled },
      { enabled: parsed.ok && parsed.value.family === 4, placeholderData: keepPreviousData },
    ),
  )
  const { data: free } = useQuery(trpc.network.propose.queryOptions({}))
  const suggestion = !parsed.ok && 'suggestion' in parsed.error ? parsed.error.suggestion : undefined
  if (suggestion) return <Take cidr4={suggestion} onTake={onTake} />
  if (!parsed.ok || !data) return null
  if (data.conflicts.length === 0) return <Notice status="good">Free: nothing that is known here uses it.</Notice>
  return (
    <Notice status="bad">
      Meets {data.conflicts.map(({ with: whom, prefix }) => `${prefix} of ${whom}`).join(', ')}.{' '}
      {free && free.cidr4 !== settled && <Take cidr4={free.cidr4} onTake={onTake} />}
    </Notice>
  )
}

function Take({ cidr4, onTake }: Props) {
  return (
    <button type="button" className="mantine-focus-auto" onClick={() => onTake(cidr4)} style={plain}>
      Take <Mono>{cidr4}</Mono>
    </button>
  )
}

const plain = {
  padding: 0,
  border: 0,
  background: 'none',
  color: 'var(--accent)',
  font: 'inherit',
  cursor: 'pointer',
  textDecoration: 'underline',
}
