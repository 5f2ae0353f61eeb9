'use client'

import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { type Labels, labelTexts, parseLabelText } from './parse-labels.ts'

type Props = {
  value: Labels
  onChange: (labels: Labels) => void
  label?: string
  description?: string
  /** what the server said about them */
  error?: string | null
  disabled?: boolean
  /** where a dialog begins */
  first?: boolean
}

/** Labels as chips, `key=value`. What does not fit stays in the field, with the reason under it. */
export function LabelField({ value, onChange, label = 'Labels', description, error, disabled, first }: Props) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string | null>(null)

  const take = (texts: string[]) => {
    const labels: Labels = {}
    for (const text of texts) {
      const parsed = parseLabelText(text)
      if ('fault' in parsed) {
        setFault(parsed.fault)
        setTyped(text)
        return
      }
      labels[parsed.key] = parsed.value
    }
    setFault(null)
    onChange(labels)
  }

  return (
    <TagsInput
      label={label}
      description={description}
      size="sm"
      placeholder={Object.keys(value).length === 0 ? 'zone=eu-1' : undefined}
      value={labelTexts(value)}
      onChange={take}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text)
        setFault(null)
      }}
      acceptValueOnBlur
      splitChars={[',', ' ']}
      error={fault ?? error}
      disabled={disabled}
      clearable={false}
      autoCapitalize="off"
      data-autofocus={first || undefined}
      spellCheck={false}
    />
  )
}
