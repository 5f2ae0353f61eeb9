import type { Extras } from '@spanwire/mesh/protocol/render-bundle'

export type StatusPart = NonNullable<Extras['status']>

/** For the script of this server: the part that tells whoever sits at the machine how it is. */
export function withStatus(extras: Extras, part: StatusPart): Extras {
  const known = given.get(extras)
  if (known) return known
  const more = { ...extras, status: part }
  given.set(extras, more)
  return more
}

/** The same object for the same, by which fingerprints know that nothing changed. A process has one part. */
const given = new WeakMap<Extras, Extras>()
