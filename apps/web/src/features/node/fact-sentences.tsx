import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './fact-sentences.module.css'
import type { NodeDetail } from './node-detail.ts'

const FACTS = [
  { name: 'reporting', title: 'Reports' },
  { name: 'tunnels', title: 'Tunnels' },
  { name: 'cluster', title: 'Cluster' },
] as const

const WORDS = {
  good: 'well',
  warn: 'needs a look',
  bad: 'wrong',
  unknown: 'not known',
  none: 'not applicable',
} as const

/** The three facts, never mixed: each a sentence, with the age of what it stands on. */
export function FactSentences({ facts }: { facts: NodeDetail['facts'] }) {
  return (
    <dl className={classes.facts}>
      {FACTS.map(({ name, title }) => {
        const fact = facts[name]
        // Of a report its age is the whole evidence, and it goes on while the sentence of the server stands still.
        const isOnTime = name === 'reporting' && fact.status === 'good'
        return (
          <div key={name} className={classes.fact} data-status={fact.status}>
            <dt>
              <StatusMark status={fact.status} size={14} label={WORDS[fact.status]} />
              {title}
            </dt>
            <dd>
              <span className={classes.text} data-spelled={fact.text.startsWith('k3s') || undefined}>
                {isOnTime && fact.at ? <LastReport at={fact.at} /> : fact.at ? withoutAge(fact.text) : fact.text}
              </span>
              {fact.at && !isOnTime && (
                <span className={classes.age}>
                  evidence <Ago at={fact.at} />
                </span>
              )}
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

/** The evidence beside it has its age, and that one goes on. */
const withoutAge = (text: string): string => text.replace(/^Ready, seen [0-9]+ \S+ ago/, 'Ready')

function LastReport({ at }: { at: string }) {
  return (
    <>
      On time, the last <Ago at={at} />
    </>
  )
}
