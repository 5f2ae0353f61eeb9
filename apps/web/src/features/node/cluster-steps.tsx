import { beginSentence } from '@spanwire/mesh/names/begin-sentence'
import classes from './cluster-steps.module.css'

type Preview = { steps: readonly { step: string; title: string; by: string }[]; waitsFor: string | null }

/** What will be done to take a node out of its cluster, and by whom. */
export function ClusterSteps({ preview, after }: { preview: Preview; after: string }) {
  return (
    <div className={classes.steps}>
      <p>In this order, each when the one before is done. {after}</p>
      <ol aria-label="Steps out of the cluster">
        {preview.steps.map(({ step, title, by }) => (
          <li key={step}>
            {title} <span>by {by}</span>
          </li>
        ))}
      </ol>
      {preview.waitsFor && <p className={classes.waits}>{beginSentence(preview.waitsFor)}</p>}
    </div>
  )
}
