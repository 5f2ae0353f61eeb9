type JoinKey = { uses: number; maxUses: number; expiresAt: string; revokedAt: string | null }

/** Why a key no longer works, the strongest reason first. `now` is null until the browser's clock is known. */
export function joinKeyState(key: JoinKey, now: number | null): { open: boolean; text: string } {
  if (key.revokedAt) return { open: false, text: 'revoked' }
  if (key.uses >= key.maxUses) return { open: false, text: 'used up' }
  if (now !== null && Date.parse(key.expiresAt) <= now) return { open: false, text: 'ended' }
  return { open: true, text: 'open' }
}
