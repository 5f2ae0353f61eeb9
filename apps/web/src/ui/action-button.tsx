'use client'

import { Button, type ButtonProps } from '@mantine/core'
import Link from 'next/link'
import type { CSSProperties, ReactNode } from 'react'
import { tip } from './tips.tsx'

type Props = ButtonProps & {
  children: ReactNode
  /** Why it cannot be done: shown on hover and focus, read aloud. null: it can. */
  why?: string | null
  href?: string
  type?: 'button' | 'submit'
  form?: string
  onClick?: () => void
}

/** A button whose disabled state gives its reason: it stays focusable, so that the reason can be reached. */
export function ActionButton({ why, href, children, onClick, type = 'button', ...props }: Props) {
  if (why) {
    return (
      <Button
        style={props.variant === 'subtle' ? BARE : undefined}
        {...props}
        {...tip(why)}
        aria-description={why}
        type="button"
        data-disabled
        aria-disabled
      >
        {children}
      </Button>
    )
  }
  if (href) {
    return (
      <Button {...props} component={Link} href={href}>
        {children}
      </Button>
    )
  }
  return (
    <Button {...props} type={type} onClick={onClick}>
      {children}
    </Button>
  )
}

/** Among its neighbours, which have no ground either. */
const BARE = { '--mantine-color-disabled': 'transparent' } as CSSProperties
