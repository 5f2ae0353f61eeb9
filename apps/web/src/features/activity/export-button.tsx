'use client'

import { useMutation } from '@tanstack/react-query'
import { useTRPCClient } from '~/trpc/client.tsx'
import { ActionButton } from '~/ui/action-button.tsx'
import { say, sayFailure } from '~/ui/say.ts'
import { count } from '~/ui/units.ts'
import { activityCsv } from './activity-csv.ts'
import type { EventRow } from './activity-row.tsx'

/** As many as one request carries. */
const PAGE_ROWS = 500
/** More than a spreadsheet is good for; `/api/v1/activity` has the rest. */
const AT_MOST = 20_000

type Filter = { network?: string; action?: string; actor?: string; subjectId?: string }

/** What the filters leave, as a file. */
export function ExportButton({ input }: { input: Filter }) {
  const client = useTRPCClient()
  const save = useMutation({
    mutationFn: async () => {
      const rows: EventRow[] = []
      let cursor: string | undefined
      do {
        const page = await client.activity.list.query({ ...input, cursor, limit: PAGE_ROWS })
        rows.push(...page.rows)
        cursor = page.nextCursor ?? undefined
      } while (cursor && rows.length < AT_MOST)
      download('activity.csv', activityCsv(rows))
      return { rows: rows.length, more: cursor !== undefined }
    },
    onSuccess: ({ rows, more }) =>
      say(`${count(rows, 'event')} in activity.csv${more ? '; older ones are at /api/v1/activity' : ''}.`),
    onError: (error) => sayFailure('The activity was not exported', error),
  })
  return (
    <ActionButton variant="default" loading={save.isPending} onClick={() => save.mutate()}>
      Export
    </ActionButton>
  )
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  // The browser reads it after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
