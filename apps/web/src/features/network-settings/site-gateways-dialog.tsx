'use client'

import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Choice } from '~/ui/choice.tsx'
import { Dialog } from '~/ui/dialog.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { Notice } from '~/ui/notice.tsx'
import { RowItem, Rows } from '~/ui/rows.tsx'
import { say } from '~/ui/say.ts'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { formatMs } from '~/ui/units.ts'

type Site = { id: string; name: string; gateways: readonly { id: string; name: string }[] }

/** Which gateways carry a site, in order; the nearest are proposed by what its nodes measure. */
export function SiteGatewaysDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const trpc = useTRPC()
  const cache = useQueryClient()
  const { data: proposed, error } = useQuery(trpc.site.proposeGateways.queryOptions({ id: site.id }, { staleTime: 0 }))
  const [first, setFirst] = useState<string | null>(site.gateways[0]?.id ?? null)
  const [second, setSecond] = useState<string | null>(site.gateways[1]?.id ?? null)
  const save = useMutation(
    trpc.site.setGateways.mutationOptions({
      onSuccess: async () => {
        await cache.invalidateQueries({ queryKey: trpc.site.pathKey() })
        say(`The nodes of ${site.name} are moved one after the other, each when its next tunnel is proven.`)
        onClose()
      },
    }),
  )
  const wanted = [first, second].filter((id) => id !== null)
  const isSame = wanted.join() === site.gateways.map(({ id }) => id).join()
  const options = (proposed ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const nearest = (proposed ?? []).filter(({ draining }) => !draining).slice(0, 2)
  return (
    <Dialog opened onClose={onClose} title={`Gateways of ${site.name}`} size="md">
      <Stack gap="md">
        <p>
          One or two, in order: the second stands in for the first. Nodes are moved when their next tunnel is proven, so
          nothing is cut.
        </p>
        {error ? (
          <Notice status="bad">
            {errorWords(error).text} {errorWords(error).fix}
          </Notice>
        ) : !proposed ? (
          <SkeletonRows rows={2} height={44} />
        ) : proposed.length === 0 ? (
          <p>No gateway has joined yet.</p>
        ) : (
          <>
            <Rows label="Gateways, the nearest first">
              {proposed.map((gateway) => (
                <RowItem
                  key={gateway.id}
                  title={gateway.name}
                  quiet={gateway.draining}
                  about={[
                    gateway.draining && 'drained',
                    gateway.isInSite && 'in this site',
                    gateway.rttMs === null
                      ? 'not measured from here'
                      : `${gateway.measured ? '' : 'at most '}${formatMs(gateway.rttMs)} from its nodes`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                />
              ))}
            </Rows>
            <Choice
              above
              label="First gateway"
              any="As the network has them"
              data={options}
              value={first}
              onChange={(id) => {
                setFirst(id)
                if (id === null || id === second) setSecond(null)
              }}
            />
            <Choice
              above
              label="Second gateway"
              any="None"
              data={first === null ? [] : options.filter(({ value }) => value !== first)}
              value={second}
              onChange={setSecond}
            />
          </>
        )}
        {save.error && (
          <Notice status="bad">
            {errorWords(save.error).text} {errorWords(save.error).fix}
          </Notice>
        )}
      </Stack>
      <Group justify="flex-end" gap="xs" mt="lg">
        {nearest.length > 0 && (
          <ActionButton
            variant="subtle"
            onClick={() => {
              setFirst(nearest[0]?.id ?? null)
              setSecond(nearest[1]?.id ?? null)
            }}
          >
            Take the nearest
          </ActionButton>
        )}
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <ActionButton
          loading={save.isPending}
          why={isSame ? 'Nothing is changed yet' : null}
          onClick={() => save.mutate({ id: site.id, gateways: wanted })}
        >
          Save
        </ActionButton>
      </Group>
    </Dialog>
  )
}
