import { StatusMark } from '~/ui/status-mark.tsx'
import type { NodeDetail } from './node-detail.ts'
import classes from './problem-list.module.css'

/** What is wrong, the worst first, each with what to do. */
export function ProblemList({ problems }: { problems: NodeDetail['problems'] }) {
  if (problems.length === 0) return null
  return (
    <ul className={classes.problems} aria-label="Problems">
      {problems.map((problem) => (
        <li key={problem.text} className={classes.problem} data-severity={problem.severity}>
          <StatusMark status={problem.severity} size={14} label={SPOKEN[problem.severity]} />
          <div>
            <p className={classes.text}>{problem.text}</p>
            <p className={classes.fix}>{problem.fix}</p>
          </div>
        </li>
      ))}
    </ul>
  )
}

const SPOKEN = { bad: 'Problem', warn: 'Warning', info: 'Note' } as const
