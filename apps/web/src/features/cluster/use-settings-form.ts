'use client'

import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTRPC } from '~/trpc/client.tsx'
import type { Finding, Settings } from './cluster-detail.ts'
import { findingsAt, findingText, isRefused } from './field-findings.ts'
import { type SettingsValues, settingsOf, valuesOf } from './settings-values.ts'

/** Typing settles before the server is asked. */
const TYPING_MS = 250

const NONE: readonly Finding[] = []

/** The settings as they are typed, and what the server finds in them, beside the fields. */
export function useSettingsForm(network: string, initial: Settings) {
  const [values, setValues] = useState<SettingsValues>(() => valuesOf(initial))
  const settings = useMemo(() => settingsOf(values), [values])
  const text = JSON.stringify(settings)
  const [settled] = useDebouncedValue(text, TYPING_MS)
  const asked = useMemo<Settings>(() => JSON.parse(settled), [settled])
  const check = useQuery(
    useTRPC().cluster.propose.queryOptions(
      { networkId: network, settings: asked },
      { placeholderData: keepPreviousData },
    ),
  )
  const findings = check.data?.findings ?? NONE
  const isChecked = settled === text && !check.isPlaceholderData && check.data !== undefined
  return {
    values,
    settings,
    set: (change: Partial<SettingsValues>) => setValues((before) => ({ ...before, ...change })),
    reset: (to: Settings) => setValues(valuesOf(to)),
    isDirty: text !== JSON.stringify(settingsOf(valuesOf(initial))) || values.datastoreEndpoint !== '',
    findings,
    /** Why these cannot be saved as they stand; null when they can. */
    whyNot: check.isError
      ? 'The settings could not be checked.'
      : !isChecked
        ? 'The settings are being checked.'
        : isRefused(findings)
          ? firstRefusal(findings)
          : null,
    /** The first of all, for the place of the button: its field may be far above. */
    refused: firstRefusal(findings),
    refusal: (field: string): string | null => firstRefusal(findingsAt(findings, field)),
    warnings: (field: string): Finding[] => findingsAt(findings, field).filter(({ severity }) => severity === 'warn'),
    checkError: check.error,
  }
}

export type SettingsForm = ReturnType<typeof useSettingsForm>

function firstRefusal(findings: readonly Finding[]): string | null {
  const first = findings.find(({ severity }) => severity === 'refuse')
  return first ? findingText(first) : null
}
