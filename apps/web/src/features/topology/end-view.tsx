import { Ago } from '~/ui/ago.tsx'
import { Mono } from '~/ui/mono.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import { formatMs, formatPercent, formatRate } from '~/ui/units.ts'
import type { EndSees, GraphNode } from './graph.ts'
import classes from './topology.module.css'

interface Props {
  node: GraphNode
  peer: string
  sees: EndSees | null
  onOpen(): void
}

const WORDS = { alive: 'hears', dead: 'does not hear', unknown: 'has not heard yet' } as const
const MARKS = { alive: 'good', dead: 'bad', unknown: 'unknown' } as const

/** One end's own words, with the age of its report: the two may differ, and that is what one-way means. */
export function EndView({ node, peer, sees, onOpen }: Props) {
  return (
    <section className={classes.end}>
      <h3 className={classes.endTitle}>
        <button type="button" className={classes.link} onClick={onOpen}>
          {node.name}
        </button>
        {sees && (
          <span className={classes.age}>
            reported <Ago at={sees.reportedAt} />
          </span>
        )}
      </h3>
      {sees === null ? (
        <p className={classes.text}>Has not reported this tunnel.</p>
      ) : (
        <>
          <p className={classes.says}>
            <StatusMark status={MARKS[sees.state]} />
            <span>
              {WORDS[sees.state]} {peer}
              {sees.heardAt && (
                <>
                  , last <Ago at={sees.heardAt} />
                </>
              )}
            </span>
          </p>
          <dl className={classes.pairs}>
            <dt>Handshake</dt>
            <dd>{sees.handshakeAt ? <Ago at={sees.handshakeAt} /> : 'none yet'}</dd>
            <dt>Packets from</dt>
            <dd>{sees.endpoint ? <Mono copy>{sees.endpoint}</Mono> : 'nowhere yet'}</dd>
            <dt>Round trip</dt>
            <dd>
              {formatMs(sees.rttMs)}, {formatPercent(sees.loss)} lost
            </dd>
            <dt>In, out</dt>
            <dd>
              {formatRate(sees.rxRate)}, {formatRate(sees.txRate)}
            </dd>
          </dl>
        </>
      )}
    </section>
  )
}
