import type { ReactNode } from 'react'
import { Ago } from '~/ui/ago.tsx'
import { Mono } from '~/ui/mono.tsx'
import { labelTexts } from '~/ui/parse-labels.ts'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs } from '~/ui/units.ts'
import classes from './cluster-facts.module.css'
import type { ClusterRow } from './cluster-row.ts'

/** What Kubernetes and the machine's k3s say, each with when it was so. */
export function ClusterFacts({ row }: { row: ClusterRow }) {
  return (
    <dl className={classes.facts}>
      {factsOf(row).map(([name, value]) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function factsOf(row: ClusterRow): [string, ReactNode][] {
  const labels = labelTexts(row.labels)
  return [
    ['Ready', <Ready key="ready" row={row} />],
    ['INTERNAL-IP', <Address key="address" row={row} />],
    [
      'Pod range',
      row.podRanges.length === 0
        ? 'none yet'
        : row.podRanges.map((range) => (
            <div key={range}>
              <Mono copy>{range}</Mono>
            </div>
          )),
    ],
    [
      'A pod on it',
      row.podAnsweredAt ? (
        <span key="pod">
          answered {row.podRttMs !== null && `in ${formatMs(row.podRttMs)}, `}
          <Ago at={row.podAnsweredAt} />
        </span>
      ) : (
        'has not answered yet'
      ),
    ],
    [
      'Kubernetes name',
      <Mono key="name" copy>
        {row.kubernetesName}
      </Mono>,
    ],
    ['k3s', [row.version, row.service].filter(Boolean).join(', ') || 'not on it yet'],
    ...(row.certificate
      ? ([
          [
            'Certificates',
            <Marked
              key="end"
              status={row.certificate.status}
              text={row.certificate.text.replace(/^certificates /, '')}
            />,
          ],
        ] as [string, ReactNode][])
      : []),
    ...(row.zone || row.region
      ? ([['Zone and region', [row.zone, row.region].filter(Boolean).join(', ')]] as [string, ReactNode][])
      : []),
    ...(labels.length > 0 ? ([['Labels', labels.join(', ')]] as [string, ReactNode][]) : []),
    ...(row.taints.length > 0 ? ([['Taints', row.taints.join(', ')]] as [string, ReactNode][]) : []),
    ...(row.labelling
      ? ([['Labels in Kubernetes', <Labelling key="labelling" {...row.labelling} />]] as [string, ReactNode][])
      : []),
    ...(row.seenAt ? ([['Seen by a server', <Ago key="seen" at={row.seenAt} />]] as [string, ReactNode][]) : []),
  ]
}

function Ready({ row: { ready, reason, since, cordoned, removal } }: { row: ClusterRow }) {
  if (ready === null) return removal ? 'no longer in its list' : 'no server has listed it yet'
  const word = ready ? (cordoned ? 'Ready, cordoned' : 'Ready') : 'NotReady'
  return (
    <span className={classes.marked}>
      <StatusMark status={ready ? (cordoned ? 'warn' : 'good') : 'bad'} />
      <span>
        {word}
        {!ready && reason && `, ${reason}`}
        {since && (
          <>
            {' '}
            since <Ago at={since} suffix={false} />
          </>
        )}
      </span>
    </span>
  )
}

const LABELLING = {
  waiting: { status: 'unknown', word: 'not set yet' },
  asked: { status: 'unknown', word: 'being set' },
  done: { status: 'good', word: 'set' },
  failed: { status: 'bad', word: 'could not be set' },
} as const

/** Of what changed after the node registered. */
function Labelling({ state, text, at }: NonNullable<ClusterRow['labelling']>) {
  const { status, word } = LABELLING[state]
  return (
    <span className={classes.marked}>
      <StatusMark status={status} />
      <span>
        {word}
        {state !== 'done' && `: ${text}`}
        {at && (
          <>
            {', '}
            <Ago at={at} />
          </>
        )}
      </span>
    </span>
  )
}

function Address({ row: { internalIp, addressFits, address4, removal } }: { row: ClusterRow }) {
  if (internalIp === null) return removal ? 'none' : 'none yet'
  return (
    <span className={classes.marked}>
      <StatusMark status={addressFits ? 'good' : 'bad'} />
      <span>
        <Mono copy>{internalIp}</Mono>{' '}
        {addressFits ? 'is its overlay address' : `is not its overlay address ${address4}`}
      </span>
    </span>
  )
}

function Marked({ status, text }: { status: ClusterRow['status']; text: string }) {
  return (
    <span className={classes.marked}>
      <StatusMark status={status} />
      <span>{text}</span>
    </span>
  )
}
