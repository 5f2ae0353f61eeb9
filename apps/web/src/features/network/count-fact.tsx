import { StatusMark } from '~/ui/status-mark.tsx'
import classes from './count-fact.module.css'

type Props = { good: number; all: number; noun: string; plural: string }

/** 'n of m', with its status as a shape: a fact as a count. */
export function CountFact({ good, all, noun, plural }: Props) {
  const status = all === 0 ? 'none' : good === all ? 'good' : good === 0 ? 'bad' : 'warn'
  return (
    <span className={classes.fact} title={`${good} of ${all} ${all === 1 ? noun : plural}`}>
      <StatusMark status={status} />
      {all === 0 ? '–' : `${good} of ${all}`}
    </span>
  )
}
