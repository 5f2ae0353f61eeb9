import type { ReactNode } from 'react'
import { Logo } from '~/ui/logo.tsx'
import classes from './door.module.css'

export default function DoorLayout({ children }: { children: ReactNode }) {
  return (
    <main className={classes.door}>
      <div className={classes.brand}>
        <Logo size={26} />
        Spanwire
      </div>
      {children}
    </main>
  )
}
