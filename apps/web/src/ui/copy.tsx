'use client'

import { ActionIcon, Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { tip } from './tips.tsx'

/** How long "Copied" stays. */
const SAID_MS = 1500

/** Copies, also where the clipboard API is closed (plain HTTP): a control plane at home has no certificate on day one. */
export function useCopy(): { copied: boolean; copy: (text: string) => Promise<boolean> } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SAID_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async (text: string) => {
    const done = await write(text)
    setCopied(done)
    return done
  }
  return { copied, copy }
}

/** `what` completes the label: "Copy the line". */
export function CopyButton({ text, what, big }: { text: string; what: string; big?: boolean }) {
  const { copied, copy } = useCopy()
  const label = copied ? 'Copied' : `Copy ${what}`
  const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} stroke={1.6} aria-hidden />
  if (big) {
    return (
      <Button leftSection={icon} onClick={() => copy(text)} miw={140} aria-live="polite">
        {label}
      </Button>
    )
  }
  return (
    <ActionIcon {...tip(label)} variant="subtle" color="gray" onClick={() => copy(text)} aria-label={label}>
      {icon}
    </ActionIcon>
  )
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const field = document.createElement('textarea')
    field.value = text
    field.style.cssText = 'position:fixed;top:0;opacity:0'
    // inside an open dialog, or its focus trap would take the selection away
    const host = document.querySelector('[role="dialog"]') ?? document.body
    host.append(field)
    field.select()
    const done = document.execCommand('copy')
    field.remove()
    return done
  }
}
