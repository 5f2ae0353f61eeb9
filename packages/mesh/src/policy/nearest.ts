/** The name that was most likely meant: the nearest by typing slips, when it is near enough. The first of equals in their order. */
export function nearest(wanted: string, names: Iterable<string>): string | null {
  const wantedLow = wanted.toLowerCase()
  const most = Math.max(1, Math.floor(wanted.length / 3))
  let best: { name: string; slips: number } | null = null
  for (const name of [...new Set(names)].sort()) {
    if (Math.abs(name.length - wanted.length) > most) continue
    const count = slips(wantedLow, name.toLowerCase(), best ? best.slips - 1 : most)
    if (count !== null && (best === null || count < best.slips)) best = { name, slips: count }
  }
  return best?.name ?? null
}

/** "Did you mean …?", or what to do when nothing is near. */
export function didYouMean(wanted: string, names: Iterable<string>, otherwise: string): string {
  const near = nearest(wanted, names)
  return near === null ? otherwise : `Did you mean ${near}?`
}

/** Damerau-Levenshtein without overlaps (letters missing, added, changed, two turned around); null when more than `most`. */
function slips(a: string, b: string, most: number): number | null {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const now = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((row[j] as number) + 1, (now[j - 1] as number) + 1, (row[j - 1] as number) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1)
      now.push(least)
    }
    if (Math.min(...now) > most) return null
    ;[before, row] = [row, now]
  }
  const last = row[b.length] as number
  return last <= most ? last : null
}
