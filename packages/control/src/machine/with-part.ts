import type { Extras } from '@spanwire/mesh/protocol/render-bundle'

/** Parts that stand beside everything else: `delta` makes a bundle of the one before and what changed, `status` tells how a machine is. */
type PartName = 'delta' | 'status'

export type Part<Name extends PartName> = NonNullable<Extras[Name]>

/** For a script that has use for it. */
export function withPart<Name extends PartName>(extras: Extras, name: Name, part: Part<Name>): Extras {
  const known = given[name].get(extras)
  if (known) return known
  const more = { ...extras, [name]: part }
  given[name].set(extras, more)
  return more
}

/** The same object for the same, by which fingerprints know that nothing changed. A process has one part of a name. */
const given: Readonly<Record<PartName, WeakMap<Extras, Extras>>> = { delta: new WeakMap(), status: new WeakMap() }
