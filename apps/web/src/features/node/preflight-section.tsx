'use client'

import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { useQuery } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '~/server-bridge.ts'
import { useTRPC } from '~/trpc/client.tsx'
import { Ago } from '~/ui/ago.tsx'
import { ErrorPanel } from '~/ui/error-panel.tsx'
import { PreflightFindings } from '~/ui/preflight-findings.tsx'
import { Section } from '~/ui/section.tsx'
import classes from './preflight-section.module.css'

type Preflight = inferRouterOutputs<AppRouter>['node']['preflight']

/** It is said anew when it changes, every half a minute at most. */
const RENEW_MS = 10_000

/** What stands in the way of k3s on the machine. Nothing stands here while it has told nothing: it is in no cluster. */
export function PreflightSection({ id }: { id: string }) {
  const query = useQuery(useTRPC().node.preflight.queryOptions({ id }, { refetchInterval: RENEW_MS }))
  if (query.isError && !query.data) {
    return (
      <Section title="Preflight">
        <ErrorPanel
          title="What was found on the machine could not be read"
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      </Section>
    )
  }
  const preflight = query.data
  if (!preflight || (preflight.at === null && preflight.findings.length === 0)) return null
  return (
    <Section
      title="Preflight"
      text={
        <>
          {summary(preflight)}
          {preflight.at && (
            <>
              {' '}
              Told by the machine <Ago at={preflight.at} />.
            </>
          )}
        </>
      }
    >
      {preflight.findings.length > 0 && (
        <PreflightFindings findings={preflight.findings} label="Found on the machine" />
      )}
      {preflight.known.length > 0 && (
        <ul className={classes.known} aria-label="Measured on the machine">
          {preflight.known.map(({ what, text, isKnown }) => (
            <li key={what} data-known={isKnown}>
              {beginSentence(text)}.
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function summary({ findings }: Preflight): string {
  const holding = findings.filter(({ holds }) => holds).length
  if (holding > 0) return 'k3s needs something put right on this machine.'
  return findings.some(({ severity }) => severity !== 'info')
    ? 'Nothing stands in the way of k3s; some things want a look.'
    : 'Nothing stands in the way of k3s.'
}
