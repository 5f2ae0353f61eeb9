'use client'

import { ErrorPanel } from '~/ui/error-panel.tsx'

export default function AppError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <ErrorPanel title="The console could not be shown" full error={error} onRetry={reset} />
}
