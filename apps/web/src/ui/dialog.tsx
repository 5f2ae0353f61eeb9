'use client'

import dynamic from 'next/dynamic'
import { type ReactNode, useState } from 'react'

const Modal = dynamic(() => import('./dialog-modal.ts').then((module) => module.DialogModal), { ssr: false })

type Props = {
  opened: boolean
  onClose: () => void
  title: ReactNode
  size?: 'sm' | 'md' | 'lg'
  /** closed by its buttons only: what it shows is not shown again */
  stays?: boolean
  children: ReactNode
}

/** A dialog whose script comes when it is first opened: most visits to a page open none. */
export function Dialog({ opened, stays, ...props }: Props) {
  const [ever, setEver] = useState(opened)
  if (opened && !ever) setEver(true)
  return ever ? <Modal opened={opened} closeOnClickOutside={!stays} closeOnEscape={!stays} {...props} /> : null
}
