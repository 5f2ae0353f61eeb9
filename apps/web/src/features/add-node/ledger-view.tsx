'use client'

import Link from 'next/link'
import { Ago } from '~/ui/ago.tsx'
import { PreflightFindings } from '~/ui/preflight-findings.tsx'
import classes from './ledger-view.module.css'
import { StepMark } from './step-mark.tsx'
import {
  choiceFor,
  type Ledger,
  type LedgerStep,
  type Stage,
  spokenProgress,
  stageOf,
  stepWord,
  stoppedAt,
} from './step-words.ts'
import type { LineOptions } from './use-line-options.ts'

/** `options`: what the line may do, when it can still be changed. `page`: of the node, once it is one. */
type Props = { ledger: Ledger; options: LineOptions | null; page: string | null }

/** What the machine says of itself, step by step, and what the other end saw of it. */
export function LedgerView({ ledger, options, page }: Props) {
  const stage = stageOf(ledger)
  return (
    <div className={classes.ledger} data-stage={stage}>
      {stage !== 'done' && (
        <div className={classes.head}>
          <p className={classes.headline}>
            {stage === 'waiting' && <span className={classes.pulse} aria-hidden />}
            {headline(stage, ledger)}
          </p>
          <p className={classes.under}>
            {UNDER[stage]}
            {stage === 'stopped' && page && (
              <>
                {' '}
                <Link href={page}>Its page</Link> has all that is known of it.
              </>
            )}
            {stage === 'joining' && page && (
              <>
                {' '}
                It goes on without you; <Link href={page}>its page</Link> says how far it is.
              </>
            )}
          </p>
        </div>
      )}
      <span className={classes.spoken} role="status">
        {spokenProgress(ledger)}
      </span>
      <ol className={classes.steps} aria-label="Steps of the join">
        {ledger.steps.map((step) => (
          <Step
            key={step.step}
            step={step}
            options={options}
            // The line says the first of what holds it; the others stand below.
            others={
              step === stoppedAt(ledger) && step.code === ledger.findings[0]?.code ? ledger.findings.slice(1) : []
            }
          />
        ))}
      </ol>
    </div>
  )
}

type StepProps = { step: LedgerStep; options: LineOptions | null; others: Ledger['findings'] }

function Step({ step, options, others }: StepProps) {
  return (
    <li className={classes.step} data-state={step.state} data-step={step.step}>
      <span className={classes.rail}>
        <StepMark state={step.state} />
      </span>
      <div className={classes.body}>
        <div className={classes.line}>
          <span className={classes.title}>{step.title}</span>
          <span className={classes.word}>
            {stepWord(step)}
            {step.at && (
              <span className={classes.at}>
                {step.state === 'running' ? ' for ' : ' '}
                <Ago at={step.at} suffix={step.state !== 'running'} />
              </span>
            )}
          </span>
        </div>
        {step.evidence && <p className={classes.evidence}>{step.evidence}</p>}
        {step.fix && (
          <p className={classes.fix}>
            <b>Do this:</b> {step.fix}
            {options && <Choose choice={choiceFor(step)} options={options} />}
          </p>
        )}
        {others.length > 0 && (
          <div className={classes.others}>
            <p>{others.length === 1 ? 'One more thing stands' : `${others.length} more things stand`} in its way:</p>
            <PreflightFindings findings={others} label="Also in the way" />
          </div>
        )}
      </div>
    </li>
  )
}

/** The fix is in the line itself: one click puts it there. */
function Choose({ choice, options }: { choice: ReturnType<typeof choiceFor>; options: LineOptions }) {
  if (choice === null) return null
  if (options[choice]) return <span className={classes.chosen}>It is chosen: copy the line again.</span>
  const choose = choice === 'fix' ? options.setFix : options.setPackages
  return (
    <button type="button" className={classes.choose} onClick={() => choose(true)}>
      Put it into the line
    </button>
  )
}

function headline(stage: Stage, ledger: Ledger): string {
  if (stage === 'waiting') return 'Waiting for the machine to call'
  if (stage === 'joining') return `${ledger.node.name} is joining`
  const step = stoppedAt(ledger)
  return `Stopped: ${step?.title ?? ''}`
}

const UNDER: Record<Stage, string> = {
  waiting: 'Its first word arrives here a second or two after the line is pasted. Nothing has to be reloaded.',
  joining: 'A step is green only when the other end saw it too.',
  stopped: 'Nothing is lost. Paste the same line again: it goes on from where it stopped.',
  done: '',
}
