'use client'

import { Group, TextInput } from '@mantine/core'
import { parsePrefix } from '@spanwire/mesh/ip/prefix'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { useWhyNot } from '~/trpc/use-role.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { Notice } from '~/ui/notice.tsx'
import { Rows } from '~/ui/rows.tsx'
import { Section } from '~/ui/section.tsx'
import type { NodeDetail } from './node-detail.ts'
import { RouteItem } from './route-item.tsx'
import classes from './routes-section.module.css'

/** What waits for somebody first. */
const ORDER = ['offered', 'approved', 'refused']

/** LANs behind the node: what its machine has, what was offered, and what the network may reach. */
export function RoutesSection({ node }: { node: NodeDetail }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const whyNotOffer = useWhyNot('operator')
  const whyNotApprove = useWhyNot('admin')
  const [typed, setTyped] = useState('')
  const [said, setSaid] = useState<string | null>(null)
  const { data } = useQuery(trpc.node.routes.queryOptions({ network: node.networkId }))
  const renew = () => cache.invalidateQueries({ queryKey: trpc.node.routes.pathKey() })
  const offer = useMutation(
    trpc.node.offerRoute.mutationOptions({
      onSuccess: async () => {
        setTyped('')
        await renew()
      },
    }),
  )
  const approve = useMutation(trpc.node.approveRoute.mutationOptions({ onSuccess: renew }))
  const refuse = useMutation(trpc.node.refuseRoute.mutationOptions({ onSuccess: renew }))
  const routes = (data?.routes.filter(({ nodeId }) => nodeId === node.id) ?? []).toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
  )
  const found = data?.found.filter(({ nodeId }) => nodeId === node.id) ?? []
  if (node.state === 'invited') return null
  // A form for those who may use it; the others see what there is.
  if (whyNotOffer !== null && routes.length === 0) return null
  const failure = offer.error ?? approve.error ?? refuse.error
  const submit = (prefix: string) => {
    const problem = fieldProblem(parsePrefix(prefix.trim()))
    setSaid(problem)
    for (const each of [approve, refuse]) each.reset()
    if (problem === null) offer.mutate({ nodeId: node.id, prefix: prefix.trim() })
  }
  return (
    <Section
      title="LANs behind it"
      text="Storage, printers, a site's own network: machines without Spanwire that this node can reach. The others reach them through it once the range is approved, as far as the policy lets them."
    >
      {routes.length > 0 && (
        <Rows label="LANs behind it">
          {routes.map((route) => (
            <RouteItem
              key={route.prefix}
              route={route}
              whyNotApprove={whyNotApprove}
              whyNotRefuse={whyNotOffer}
              busy={approve.isPending || refuse.isPending}
              onApprove={() => {
                refuse.reset()
                offer.reset()
                approve.mutate({ nodeId: node.id, prefix: route.prefix })
              }}
              onRefuse={() => {
                approve.reset()
                offer.reset()
                refuse.mutate({ nodeId: node.id, prefix: route.prefix })
              }}
            />
          ))}
        </Rows>
      )}
      {whyNotOffer === null && (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            submit(typed)
          }}
        >
          <Group gap="xs" align="flex-start">
            <TextInput
              aria-label="Range to offer"
              placeholder="192.168.7.0/24"
              value={typed}
              error={said}
              onChange={(event) => {
                setTyped(event.currentTarget.value)
                setSaid(null)
              }}
              autoComplete="off"
              spellCheck={false}
              maw={260}
              flex={1}
            />
            <ActionButton
              type="submit"
              variant="default"
              loading={offer.isPending}
              why={typed.trim() === '' ? 'Type a range first' : null}
            >
              Offer range
            </ActionButton>
          </Group>
        </form>
      )}
      {whyNotOffer === null && found.length > 0 && (
        <p className={classes.found}>
          Its machine has an address in{' '}
          {found.map(({ prefix }, place) => (
            <span key={prefix}>
              {place > 0 && ', '}
              {prefix}{' '}
              <button
                type="button"
                className={classes.link}
                onClick={() => submit(prefix)}
                aria-label={`Offer ${prefix}`}
              >
                offer
              </button>
            </span>
          ))}
        </p>
      )}
      {failure && (
        <div className={classes.failure}>
          <Notice status="bad">
            {errorWords(failure).text} {errorWords(failure).fix}
          </Notice>
        </div>
      )}
    </Section>
  )
}
