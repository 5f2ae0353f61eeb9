'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { say } from '~/ui/say.ts'
import { Section } from '~/ui/section.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { count } from '~/ui/units.ts'
import classes from './packet-sizes.module.css'

/** How large a packet may be at each layer, which way is the narrowest, and the MTU that fits it. */
export function PacketSizes({ network }: { network: string }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNot = useWhyNot('admin')
  const { data, error } = useQuery(trpc.paths.mtu.queryOptions({ network }))
  const update = useMutation(
    trpc.network.update.mutationOptions({
      onSuccess: async (row) => {
        say(`The MTU is ${row.mtu}. Nodes take it over as they hear of it.`)
        await cache.invalidateQueries({ queryKey: trpc.paths.pathKey() })
        await cache.invalidateQueries({ queryKey: trpc.network.pathKey() })
      },
    }),
  )
  const problem = update.error ?? error
  return (
    <Section
      title="Packet sizes"
      text="Measured outside of the tunnels, from each node to its gateways. One MTU holds for all nodes."
    >
      {problem && (
        <Notice status="bad">
          {errorWords(problem).text} {errorWords(problem).fix}
        </Notice>
      )}
      {!data ? (
        !error && <SkeletonRows rows={2} height={40} />
      ) : (
        <>
          <ol className={classes.chain} aria-label="From the underlay to pods">
            <Layer
              name="Underlay"
              bytes={data.narrowest?.bytes ?? null}
              says={data.narrowest ? `${data.narrowest.fromName} to ${data.narrowest.toName}` : 'not measured yet'}
            />
            <Layer name="Tunnels" bytes={data.mtu} says="the network's MTU" />
            {data.pods && <Layer name="Pods" bytes={data.pods.mtu} says={data.pods.backend} />}
          </ol>
          <Notice status={STATUS[data.verdict]}>
            {data.text} {data.fix}
          </Notice>
          {data.wanted !== null && (
            <ActionButton
              mt="md"
              why={whyNot}
              loading={update.isPending}
              onClick={() => data.wanted !== null && update.mutate({ id: network, mtu: data.wanted })}
            >
              Set the MTU to {data.wanted}
            </ActionButton>
          )}
          {data.narrow.length > 1 && (
            <details className={classes.narrow}>
              <summary>{count(data.narrow.length, 'way')} too narrow</summary>
              <ul>
                {data.narrow.map((way) => (
                  <li key={way.fromId + way.toId}>
                    {way.fromName} to {way.toName}: {way.bytes}, leaves {way.leaves}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </Section>
  )
}

const STATUS = { unknown: 'unknown', fits: 'good', narrow: 'warn', 'too-narrow': 'warn' } as const

function Layer({ name, bytes, says }: { name: string; bytes: number | null; says: string }) {
  return (
    <li className={classes.layer}>
      <span className={classes.name}>{name}</span>
      <b className={classes.bytes}>{bytes ?? '–'}</b>
      <span className={classes.says}>{says}</span>
    </li>
  )
}
