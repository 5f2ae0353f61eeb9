'use client'

import { TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './settings-fields.module.css'
import type { SettingsForm } from './use-settings-form.ts'
import { Warnings } from './warnings.tsx'

type RangeProps = {
  form: SettingsForm
  field: 'podRange4' | 'podRange6' | 'serviceRange4' | 'serviceRange6'
  label: string
  locked: boolean
  children: ReactNode
}

/** A range and what it meets. */
export function Range({ form, field, label, locked, children }: RangeProps) {
  return (
    <div>
      <TextInput
        className={classes.mono}
        label={label}
        description={children}
        value={form.values[field]}
        onChange={(event) => form.set({ [field]: event.currentTarget.value })}
        error={form.refusal(field)}
        autoComplete="off"
        spellCheck={false}
        disabled={locked}
      />
      <Warnings findings={form.warnings(field)} />
    </div>
  )
}
