import Link from 'next/link'
import classes from './nav.module.css'
import { isActive, type NavItem } from './nav-items.ts'

/** A column at the left; on a phone a bar under the thumb. */
export function Nav({ items, pathname, label }: { items: NavItem[]; pathname: string; label: string }) {
  return (
    <nav className={classes.nav} aria-label={label}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className={classes.item}
          aria-current={isActive(item, pathname) ? 'page' : undefined}
        >
          <item.icon size={18} stroke={1.6} aria-hidden />
          <span>{item.label}</span>
          <kbd className={classes.keys} aria-hidden>
            {item.keys}
          </kbd>
        </Link>
      ))}
    </nav>
  )
}
