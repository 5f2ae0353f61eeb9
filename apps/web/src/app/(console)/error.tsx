'use client'

import { ErrorPanel } from '~/ui/error-panel.tsx'
import { useTryAgain } from '~/ui/use-try-again.ts'

export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <ErrorPanel title="This page could not be shown" inset error={error} onRetry={useTryAgain(reset)} />
}
