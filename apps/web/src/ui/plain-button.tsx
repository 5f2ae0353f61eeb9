import Link from 'next/link'
import type { ReactNode } from 'react'
import classes from './plain-button.module.css'

type Props = { children: ReactNode; quiet?: boolean } & ({ href: string } | { onClick: () => void })

/** For pages whose script comes with every other page (errors, not found). Elsewhere: ActionButton. */
export function PlainButton({ children, quiet, ...does }: Props) {
  const className = quiet ? `${classes.button} ${classes.quiet}` : classes.button
  if ('href' in does) {
    return (
      <Link href={does.href} className={className}>
        {children}
      </Link>
    )
  }
  return (
    <button type="button" className={className} onClick={does.onClick}>
      {children}
    </button>
  )
}
