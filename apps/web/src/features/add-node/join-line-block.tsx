'use client'

import { Button } from '@mantine/core'
import { joinLine } from '@spanwire/mesh/enrolment/join-line'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { ActionButton } from '~/ui/action-button.tsx'
import { useNow } from '~/ui/ago.tsx'
import { useCommands } from '~/ui/commands.tsx'
import { useCopy } from '~/ui/copy.tsx'
import { errorWords } from '~/ui/error-words.ts'
import { fieldProblem } from '~/ui/field-problem.ts'
import { Notice } from '~/ui/notice.tsx'
import { formatDuration } from '~/ui/units.ts'
import classes from './join-line-block.module.css'
import type { Ticket } from './use-invitation.ts'
import type { LineOptions } from './use-line-options.ts'

type Props = {
  ticket: Ticket | null
  options: LineOptions
  /** why the form does not allow it yet */
  whyNot: string | null
  /** the machine has taken the token: it may only be pasted again there */
  used: boolean
  /** what would mend that, when one click does */
  remedy: { verb: string; run: () => void } | null
  /** somebody has the line now */
  onHandedOut: () => void
  onNewLine: (() => void) | null
  renewing: boolean
  renewError: unknown
}

/** The one line, and how long it is good for. */
export function JoinLineBlock(props: Props) {
  const { ticket, options, whyNot, used, remedy, onHandedOut, onNewLine, renewing, renewError } = props
  const now = useNow()
  const { copied, copy } = useCopy()
  const made = ticket && lineOf(ticket, options)
  const secondsLeft = ticket && now !== null ? (Date.parse(ticket.expiresAt) - now) / 1000 : null
  const expired = !used && secondsLeft !== null && secondsLeft <= 0
  const why = made?.ok === false ? fieldProblem(made) : expired ? 'This line has expired: make a new one.' : whyNot
  const line = made?.ok ? made.value.line : null

  const copyLine = () => {
    if (!line || why) return
    void copy(line)
    onHandedOut()
  }
  useCommands([{ id: 'copy-line', label: 'Copy the line', group: 'This node', keys: 'c', run: copyLine }])

  if (made?.ok === false) return <Notice status="bad">{fieldProblem(made)}</Notice>
  return (
    <div>
      <div className={classes.block}>
        {line ? (
          <pre className={classes.line} data-line data-off={Boolean(why) || undefined} onCopy={onHandedOut}>
            {pieces(line).map((piece) => (
              <span key={piece.text} className={piece.kind ? classes[piece.kind] : undefined}>
                {piece.text}
              </span>
            ))}
          </pre>
        ) : ticket === null && !renewing && renewError ? (
          <p className={classes.none}>There is no line.</p>
        ) : (
          <div className={classes.ghost} role="status" aria-label="Making the line">
            <span className={classes.bar} />
            <span className={classes.bar} />
            <span className={classes.bar} />
          </div>
        )}
        <div className={classes.foot}>
          <p className={classes.left} data-expired={expired || undefined}>
            {used
              ? 'Used by this machine. Pasted there again, it goes on from where it stopped.'
              : expired
                ? 'Expired, and worth nothing to anyone.'
                : secondsLeft !== null
                  ? `Works once, for ${formatDuration(Math.ceil(secondsLeft))} more.`
                  : ' '}
          </p>
          {onNewLine && (
            <Button
              variant={expired ? 'filled' : 'subtle'}
              color={expired ? undefined : 'gray'}
              onClick={onNewLine}
              loading={renewing}
            >
              Make a new line
            </Button>
          )}
          {!expired && (
            <ActionButton
              onClick={copyLine}
              why={why ?? (line ? null : 'The line is being made.')}
              leftSection={
                copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} stroke={1.6} aria-hidden />
              }
              miw={132}
            >
              {copied ? 'Copied' : 'Copy the line'}
            </ActionButton>
          )}
        </div>
      </div>
      <span className={classes.spoken} role="status">
        {copied ? 'The line is on the clipboard.' : ''}
      </span>
      {why && !expired && (
        <div className={classes.note}>
          <Notice status="warn">
            {why}
            {remedy && (
              <>
                {' '}
                <button type="button" className={classes.remedy} onClick={remedy.run}>
                  {remedy.verb}
                </button>
              </>
            )}
          </Notice>
        </div>
      )}
      {made?.ok && made.value.warning && (
        <div className={classes.note}>
          <Notice status="warn">{made.value.warning}</Notice>
        </div>
      )}
      {Boolean(renewError) && (
        <div className={classes.note}>
          <Notice status="bad">
            {errorWords(renewError).text} {errorWords(renewError).fix}
          </Notice>
        </div>
      )}
    </div>
  )
}

function lineOf({ url, token, pin }: Ticket, { packages, fix }: LineOptions) {
  return joinLine({ url, token, pin: pin ?? undefined, installPackages: packages, fixFirewall: fix, check: false })
}

/** The same characters, in parts that can be told apart: what is run, and the secret in it. */
function pieces(line: string): { text: string; kind: 'token' | 'flag' | null }[] {
  const [, before = line, token = '', flags = ''] = /^(.*--token )(swj_\S+)(.*)$/.exec(line) ?? []
  return [
    { text: before, kind: null },
    { text: token, kind: 'token' as const },
    { text: flags, kind: 'flag' as const },
  ].filter((piece) => piece.text !== '')
}
