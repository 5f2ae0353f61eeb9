/** Two ends and the wire that spans them. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 22 22" fill="none" aria-hidden>
      <path d="M4.5 15.5C7 5 15 17 17.5 6.5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <circle cx="4.5" cy="16" r="3" fill="var(--accent)" />
      <circle cx="17.5" cy="6" r="3" fill="var(--accent)" />
    </svg>
  )
}
