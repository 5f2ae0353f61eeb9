'use client'

import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { NO_PART, partFaults } from './cluster-part.ts'

type Props = { value: string[]; onChange: (taints: string[]) => void; error?: string | null; disabled?: boolean }

/** Taints as chips. What is no taint stays in the field, with the reason under it. */
export function TaintField({ value, onChange, error, disabled }: Props) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState<string | null>(null)
  return (
    <TagsInput
      label="Taints"
      description="Pods keep off unless they tolerate it"
      size="sm"
      placeholder={value.length === 0 ? 'edge=true:NoSchedule' : undefined}
      value={value}
      onChange={(taints) => {
        const added = taints.filter((taint) => !value.includes(taint))
        const wrong = partFaults({ ...NO_PART, role: 'agent', taints: added }).taints
        setFault(wrong ?? null)
        if (wrong) return setTyped(added[0] ?? '')
        onChange(taints)
      }}
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
      spellCheck={false}
    />
  )
}
