/**
 * Whether two machines use one credential, judged from the instances (`<boot id>.<start>`) that it is used by, in order:
 *
 *   A A A B B B      restart, reboot, restored disk: the new one goes on, the old one never returns
 *   A A B A A        restored memory: A is back, but its uptime is where it was left, so it did not run meanwhile
 *   A A B A          fork, when A's uptime shows that it ran all the time that B was there
 *   A B A B          fork: nothing else makes two of them take turns
 *
 * Two starts within one boot are told apart only when they go on taking turns: a request of the start before may arrive late.
 */
export type Sighting = { readonly instance: string; readonly uptimeSeconds: number; readonly atMs: number }

type Seen = Sighting & { readonly firstAtMs: number; readonly returns: number }

/** The one that spoke last, then those before it, newest first. */
export type Instances = readonly Seen[]

export type Fork = {
  /** The one seen first: it goes on untouched. */
  readonly kept: string
  readonly heldOff: string
}

/** Two machines that take turns do so within a held request or two; longer ago is another story. */
const MEMORY_MS = 10 * 60_000
const MAX_INSTANCES = 8
/** Uptimes are cut to seconds and requests are late at times; a reboot, which the rule must tell from this, takes longer. */
const SLACK_SECONDS = 4

export function detectFork(before: Instances, sighting: Sighting): { instances: Instances; fork: Fork | null } {
  const [current, ...earlier] = before.filter((seen) => sighting.atMs - seen.atMs < MEMORY_MS)
  const seen = [current, ...earlier].find((each) => each?.instance === sighting.instance)
  const isBack = seen !== undefined && seen !== current
  const updated: Seen = {
    ...sighting,
    firstAtMs: seen?.firstAtMs ?? sighting.atMs,
    returns: (seen?.returns ?? 0) + (isBack ? 1 : 0),
  }
  const others = [current, ...earlier].filter((each): each is Seen => each !== undefined && each !== seen)
  const instances = [updated, ...others].slice(0, MAX_INSTANCES)
  if (!isBack || !current) return { instances, fork: null }

  const isSameBoot = bootOf(seen.instance) === bootOf(current.instance)
  const turns = isSameBoot ? 2 : 1
  const takeTurns = updated.returns >= turns && current.returns >= turns
  const isFork = takeTurns || (!isSameBoot && ranAllTheTime(seen, sighting))
  if (!isFork) return { instances, fork: null }
  const [kept, heldOff] = updated.firstAtMs <= current.firstAtMs ? [updated, current] : [current, updated]
  return { instances, fork: { kept: kept.instance, heldOff: heldOff.instance } }
}

/** A kept-out machine stays out when its script starts anew. */
export const bootOf = (instance: string): string => instance.replace(/\.[0-9]+$/, '')

function ranAllTheTime(before: Sighting, after: Sighting): boolean {
  const ran = after.uptimeSeconds - before.uptimeSeconds
  const passed = (after.atMs - before.atMs) / 1000
  return Math.abs(ran - passed) <= SLACK_SECONDS
}
