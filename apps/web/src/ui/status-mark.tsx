export type Status = 'good' | 'warn' | 'bad' | 'info' | 'unknown' | 'none'

/** A status as a shape first, a colour second. Beside it there is always a word; alone it needs `label`. */
export function StatusMark({ status, size = 12, label }: { status: Status; size?: number; label?: string }) {
  const spoken = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: a title would show a second tooltip; the label is in `spoken`
    <svg width={size} height={size} viewBox="0 0 12 12" fill="none" style={{ flex: 'none' }} {...spoken}>
      {shapes[status]}
    </svg>
  )
}

const shapes = {
  good: <circle cx="6" cy="6" r="4.5" fill="var(--good-mark)" />,
  warn: <path d="M6 1.2 11.2 10.6H.8Z" fill="var(--warn-mark)" />,
  bad: (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1" fill="var(--bad-mark)" />
      <path d="m4 4 4 4m0-4L4 8" stroke="var(--surface)" strokeWidth="1.4" />
    </>
  ),
  info: <rect x="2" y="2" width="8" height="8" rx="1" transform="rotate(45 6 6)" fill="var(--info-mark)" />,
  unknown: <circle cx="6" cy="6" r="4" stroke="var(--quiet-mark)" strokeWidth="1.5" strokeDasharray="2.2 1.6" />,
  none: <path d="M2.5 6h7" stroke="var(--quiet-mark)" strokeWidth="1.5" strokeLinecap="round" />,
} satisfies Record<Status, React.ReactNode>
