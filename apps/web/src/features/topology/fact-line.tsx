import { Ago } from '~/ui/ago.tsx'
import { StatusMark } from '~/ui/status-mark.tsx'
import type { Fact } from './graph.ts'
import classes from './topology.module.css'

/** One of the three facts as a sentence. An age inside it would stand still: a good fact's own age is shown beside it instead. */
export function FactLine({ fact }: { fact: Fact }) {
  return (
    <span className={classes.fact}>
      <StatusMark status={fact.status} />
      <span>
        {fact.status === 'good' ? fact.text.replace(/, last .* ago$/, '').replace(/^reports$/, 'reporting') : fact.text}
        {fact.status === 'good' && fact.at && (
          <>
            {' · '}
            <Ago at={fact.at} />
          </>
        )}
      </span>
    </span>
  )
}
