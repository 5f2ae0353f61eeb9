'use client'

import { ErrorPanel } from '~/ui/error-panel.tsx'

export default function ConsoleError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return <ErrorPanel title="This page could not be shown" inset error={error} onRetry={reset} />
}
