import type { Extras } from '@spanwire/mesh/protocol/render-bundle'

export type PathsPart = NonNullable<Extras['paths']>

/** For a script that can read files of paths: it gets the part that chooses them, where the plan has any for it. */
export function withPaths(extras: Extras, part: PathsPart): Extras {
  const known = given.get(extras)
  if (known) return known
  const more = { ...extras, paths: part }
  given.set(extras, more)
  return more
}

/** The same object for the same, by which fingerprints know that nothing changed. A process has one part. */
const given = new WeakMap<Extras, Extras>()
