'use client'

import { parseAsBoolean, useQueryState } from 'nuqs'

export type LineOptions = {
  packages: boolean
  setPackages: (on: boolean) => void
  fix: boolean
  setFix: (on: boolean) => void
}

const flag = parseAsBoolean.withDefault(false)

/** What the line may do on the machine: in the URL, so that a reload writes the same line. */
export function useLineOptions(): LineOptions {
  const [packages, setPackages] = useQueryState('packages', flag)
  const [fix, setFix] = useQueryState('fix', flag)
  return {
    packages,
    setPackages: (on) => void setPackages(on || null),
    fix,
    setFix: (on) => void setFix(on || null),
  }
}
