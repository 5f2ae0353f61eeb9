'use client'

import { Button, Group, TextInput } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import classes from './confirm-dialog.module.css'
import { Dialog } from './dialog.tsx'
import { errorWords } from './error-words.ts'
import { Notice } from './notice.tsx'
import { SkeletonRows } from './skeleton-rows.tsx'

type Props = {
  opened: boolean
  onClose: () => void
  /** 'Remove node home-1?' */
  title: string
  /** the verb on the button: 'Remove node' */
  verb: string
  /** what is cut, a line each; undefined while it is being asked for */
  cut: readonly string[] | undefined
  /** a sentence when nothing is cut, or about what stays */
  note?: ReactNode
  /** asked for when what is cut is many: the name to type */
  typeName?: string | null
  danger?: boolean
  /** on the other button */
  keep?: string
  busy?: boolean
  error?: unknown
  onConfirm: () => void
}

/** Before something is cut: exactly what, in lines. */
export function ConfirmDialog(props: Props) {
  const {
    opened,
    onClose,
    title,
    verb,
    cut,
    note,
    typeName,
    danger = true,
    keep = 'Keep',
    busy,
    error,
    onConfirm,
  } = props
  const [typed, setTyped] = useState('')
  useEffect(() => {
    if (opened) setTyped('')
  }, [opened])
  const ready = cut !== undefined && (!typeName || typed === typeName)
  return (
    <Dialog opened={opened} onClose={onClose} title={title} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) onConfirm()
        }}
      >
        {cut === undefined && <SkeletonRows rows={3} height={28} />}
        {cut && cut.length > 0 && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a long list scrolls, also by keyboard
          <ul className={classes.cut} aria-label="What is cut" tabIndex={0}>
            {cut.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {note && <div className={classes.note}>{note}</div>}
        {typeName && (
          <TextInput
            mt="md"
            label={
              <>
                Type <b>{typeName}</b> to go on
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        {Boolean(error) && (
          <div className={classes.error}>
            <Notice status="bad">
              {errorWords(error).text} {errorWords(error).fix}
            </Notice>
          </div>
        )}
        <Group justify="flex-end" gap="xs" mt="lg">
          <Button variant="default" onClick={onClose}>
            {keep}
          </Button>
          <Button
            type="submit"
            color={danger ? 'bad' : undefined}
            loading={busy}
            disabled={!ready}
            title={ready ? undefined : typeName ? `Type ${typeName} first` : 'Still listing what is cut'}
          >
            {verb}
          </Button>
        </Group>
      </form>
    </Dialog>
  )
}
