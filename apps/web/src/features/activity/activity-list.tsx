'use client'

import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { parseAsString, useQueryStates } from 'nuqs'
import { useMemo, useRef } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { Empty } from '~/ui/empty.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { Page } from '~/ui/page.tsx'
import { SkeletonRows } from '~/ui/skeleton-rows.tsx'
import { actionChoices } from './action-words.ts'
import { activityInput, activityPaging } from './activity-input.ts'
import classes from './activity-list.module.css'
import { ActivityRow } from './activity-row.tsx'
import { ExportButton } from './export-button.tsx'

const TYPING_MS = 300
/** a row without a diff; those with one are measured */
const ROW_HEIGHT = 48

export const activityFilters = { action: parseAsString, actor: parseAsString, subject: parseAsString }

/** Who changed what, when? The newest first, as far back as one scrolls. */
export function ActivityList({ network }: { network?: string }) {
  const trpc = useTRPC()
  const scroller = useRef<HTMLDivElement>(null)
  const [filters, setFilters] = useQueryStates(activityFilters)
  const [actor] = useDebouncedValue(filters.actor, TYPING_MS)
  const input = activityInput(network, { ...filters, actor })
  const list = useInfiniteQuery(trpc.activity.list.infiniteQueryOptions(input, activityPaging))
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.rows) ?? [], [list.data])
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
    onChange: ({ range }) => {
      const near = (range?.endIndex ?? 0) >= rows.length - 8
      if (near && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage()
    },
  })
  const filtered = Boolean(filters.action || filters.actor || filters.subject)
  const clear = () => void setFilters({ action: null, actor: null, subject: null })

  return (
    <Page
      title="Activity"
      lead={network ? 'Who changed what in this network.' : 'Who changed what in this organization.'}
      fill
      actions={
        <>
          <NativeSelect
            aria-label="About"
            data={actionChoices}
            value={filters.action ?? ''}
            onChange={(event) => void setFilters({ action: event.currentTarget.value || null })}
            miw={112}
            flex={1}
            maw={160}
          />
          <TextInput
            type="search"
            aria-label="Who"
            placeholder="Anyone"
            value={filters.actor ?? ''}
            onChange={(event) => void setFilters({ actor: event.currentTarget.value || null })}
            miw={96}
            flex={1}
            maw={160}
          />
          {filtered && (
            <ActionButton variant="subtle" onClick={clear}>
              Show all
            </ActionButton>
          )}
          {rows.length > 0 && <ExportButton input={input} />}
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={scroller} className={classes.scroller} aria-label="Events" tabIndex={0}>
        {list.isPending && <SkeletonRows rows={12} height={ROW_HEIGHT} />}
        {list.isError && (
          <ErrorPanel title="The activity could not be read" error={list.error} onRetry={() => void list.refetch()} />
        )}
        {list.isSuccess && rows.length === 0 && (
          <Empty
            title={filtered ? 'Nothing like that happened' : 'Nothing has been changed yet'}
            text={
              filtered
                ? 'No event fits all of the filters.'
                : 'Every change stands here afterwards: who made it, when, what was before and after.'
            }
            action={
              filtered && (
                <ActionButton variant="default" onClick={clear}>
                  Show all
                </ActionButton>
              )
            }
          />
        )}
        <ol className={classes.list} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (!row) return null
            return (
              <li
                key={row.id}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={classes.item}
                style={{ transform: `translateY(${item.start}px)` }}
                aria-setsize={list.hasNextPage ? -1 : rows.length}
                aria-posinset={item.index + 1}
              >
                <ActivityRow row={row} network={network} />
              </li>
            )
          })}
        </ol>
        {list.isFetchingNextPage && <SkeletonRows rows={2} height={ROW_HEIGHT} />}
      </section>
    </Page>
  )
}
