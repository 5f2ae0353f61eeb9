import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'
import { ActionButton } from '~/ui/action-button.tsx'
import { Ago } from '~/ui/ago.tsx'
import { Mono } from '~/ui/mono.tsx'
import { RowItem } from '~/ui/rows.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './routes-section.module.css'

type Route = inferRouterOutputs<AppRouter>['node']['routes']['routes'][number]

type Props = {
  route: Route
  whyNotApprove: string | null
  whyNotRefuse: string | null
  busy: boolean
  onApprove: () => void
  onRefuse: () => void
}

const STATES = {
  offered: { mark: 'warn', word: 'waits for approval' },
  approved: { mark: 'good', word: 'approved' },
  refused: { mark: 'none', word: 'refused' },
} as const

/** One range: who offered it, who decided, and what one should know before. */
export function RouteItem({ route, whyNotApprove, whyNotRefuse, busy, onApprove, onRefuse }: Props) {
  const { prefix, state, notes } = route
  const { mark, word } = STATES[state]
  return (
    <RowItem
      title={<Mono copy>{prefix}</Mono>}
      quiet={state === 'refused'}
      about={
        <>
          offered by {route.offeredBy} <Ago at={route.offeredAt} />
          {route.decidedAt && (
            <>
              {' · '}
              {state} by {route.decidedBy} <Ago at={route.decidedAt} />
            </>
          )}
          {notes.map((note) => (
            <div key={note}>{note}</div>
          ))}
        </>
      }
      state={
        <>
          <StatusMark status={mark} />
          {word}
        </>
      }
      actions={
        <div className={classes.decide}>
          {state !== 'approved' && (
            <ActionButton
              size="compact-sm"
              variant="default"
              why={whyNotApprove}
              loading={busy}
              aria-label={`Approve ${prefix}`}
              className={classes.approve}
              onClick={onApprove}
            >
              Approve
            </ActionButton>
          )}
          {state !== 'refused' && (
            <ActionButton
              size="compact-sm"
              variant="subtle"
              color="bad"
              why={whyNotRefuse}
              loading={busy}
              aria-label={`${state === 'approved' ? 'Take back' : 'Refuse'} ${prefix}`}
              className={classes.refuse}
              onClick={onRefuse}
            >
              {state === 'approved' ? 'Take back' : 'Refuse'}
            </ActionButton>
          )}
        </div>
      }
    />
  )
}
