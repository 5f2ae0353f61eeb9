'use client'

import { TagsInput } from '@mantine/core'
import { useState } from 'react'

type Props = {
  value: readonly string[]
  onChange: (tags: string[]) => void
  /** those that the policy or another machine has */
  known?: readonly string[]
  description?: string
  /** what the server said about them */
  error?: string | null
  disabled?: boolean
}

/** As policies name tags: a letter first (mesh/policy/read-selector.ts). */
const TAG = /^[a-zA-Z][a-zA-Z0-9_.-]{0,127}$/

/** Tags as chips, by which the policy means a machine. What is no tag stays in the field, with the reason under it. */
export function TagField({ value, onChange, known, description, error, disabled }: Props) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  return (
    <TagsInput
      label="Tags"
      description={description ?? 'By which the access policy means it, without tag: in front'}
      size="sm"
      placeholder={value.length === 0 ? 'db' : undefined}
      data={known ? [...known] : undefined}
      value={[...value]}
      onChange={(texts) => {
        const tags = texts.map((text) => text.replace(/^tag:/, ''))
        const wrong = tags.find((tag) => !TAG.test(tag))
        setFault(wrong === undefined ? null : `“${wrong}” is no tag: letters, digits, - _ . and a letter first.`)
        if (wrong !== undefined) return setTyped(wrong)
        onChange([...new Set(tags)])
      }}
      searchValue={typed}
      onSearchChange={(text) => {
        setTyped(text)
        setFault(null)
      }}
      acceptValueOnBlur
      openOnFocus={false}
      splitChars={[',', ' ']}
      error={fault ?? error}
      disabled={disabled}
      clearable={false}
      autoCapitalize="off"
      spellCheck={false}
    />
  )
}
