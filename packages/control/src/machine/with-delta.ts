import type { Extras } from '@spanwire/mesh/protocol/render-bundle'

export type DeltaPart = NonNullable<Extras['delta']>

/** For a script that has use for it: the part that makes a bundle of the one before and what changed. */
export function withDelta(extras: Extras, part: DeltaPart): Extras {
  const known = given.get(extras)
  if (known) return known
  const more = { ...extras, delta: part }
  given.set(extras, more)
  return more
}

/** The same object for the same, by which fingerprints know that nothing changed. A process has one part. */
const given = new WeakMap<Extras, Extras>()
