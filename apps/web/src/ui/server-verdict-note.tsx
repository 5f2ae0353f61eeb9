import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import { Mono } from './mono.tsx'
import { Notice } from './notice.tsx'
import classes from './server-verdict-note.module.css'
import type { Status } from './status-mark.tsx'

export type Verdict = {
  verdict: 'good' | 'tune' | 'bad' | 'unknown' | 'impossible'
  sentence: string
  fix: string | null
  etcdArgs: readonly string[]
}

const MARKS: Record<Verdict['verdict'], Status> = {
  good: 'good',
  tune: 'warn',
  bad: 'bad',
  unknown: 'unknown',
  impossible: 'bad',
}

/** Whether a further server may stand there, by what was measured. */
export function ServerVerdictNote({ verdict }: { verdict: Verdict }) {
  return (
    <Notice status={MARKS[verdict.verdict]}>
      <p>{beginSentence(ended(verdict.sentence))}</p>
      {verdict.fix && <p className={classes.fix}>{ended(verdict.fix)}</p>}
      {verdict.etcdArgs.length > 0 && (
        <p className={classes.fix}>
          For the arguments of all servers:{' '}
          {verdict.etcdArgs.map((arg) => (
            <Mono key={arg} copy>{`etcd-arg=${arg}`}</Mono>
          ))}
        </p>
      )}
    </Notice>
  )
}

const ended = (text: string): string => (/[.:!?]$/.test(text) ? text : `${text}.`)
