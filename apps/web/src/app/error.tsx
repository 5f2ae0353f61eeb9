'use client'

import { ErrorPanel } from '~/ui/error-panel.tsx'
import { useTryAgain } from '~/ui/use-try-again.ts'

export default function AppError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <ErrorPanel title="The console could not be shown" full error={error} onRetry={useTryAgain(reset)} />
}
