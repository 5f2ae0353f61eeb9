/**
 * Releases of k3s: `v1.33.4+k3s1` is Kubernetes 1.33.4, first build by k3s. Which of them may work together (kubernetes.io,
 * "Version Skew Policy"), and which are known to hurt a cluster whose nodes meet over a tunnel.
 */
import { err, type Fault, ok, type Result } from '../result.ts'

export type K3sVersion = {
  readonly minor: number
  readonly patch: number
  /** Of a release candidate, `v1.36.2-rc2+k3s1`; null for a release. */
  readonly candidate: number | null
  /** Null for a build of a commit, `v1.36.2+k3s-01b6f04a`, which is reported but cannot be asked for. */
  readonly build: number | null
}

/** The minors whose flags are known here (k3s-flags.ts). */
export const OLDEST_MINOR = 30
export const NEWEST_MINOR = 36

/** A kubelet may be this many minors older than the API server, from Kubernetes 1.28 on. */
const KUBELET_LAG = 3

export function parseK3sVersion(text: string): Result<K3sVersion, Fault<'bad-version'>> {
  const parts =
    /^v1\.([1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})(?:-rc([1-9][0-9]?))?\+k3s(?:([1-9][0-9]?)|-[0-9a-f]{6,40})$/.exec(text)
  if (!parts) {
    const message = `${JSON.stringify(text.slice(0, 40))} is not a release of k3s; write it like v1.33.4+k3s1`
    return err({ kind: 'bad-version', message })
  }
  const [, minor, patch, candidate, build] = parts
  return ok({
    minor: Number(minor),
    patch: Number(patch),
    candidate: candidate === undefined ? null : Number(candidate),
    build: build === undefined ? null : Number(build),
  })
}

/** Null for a build of a commit, whose name is not kept. */
export function formatK3sVersion({ minor, patch, candidate, build }: K3sVersion): string | null {
  return build === null ? null : `v1.${minor}.${patch}${candidate === null ? '' : `-rc${candidate}`}+k3s${build}`
}

export function compareK3sVersions(a: K3sVersion, b: K3sVersion): number {
  // A release comes after its candidates, a build of a commit before the first build: it is made on the way there.
  const order = ({ minor, patch, candidate, build }: K3sVersion) => [minor, patch, candidate ?? 1000, build ?? 0]
  const [x, y] = [order(a), order(b)]
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0)
  return 0
}

/** Why a node of this version does not fit a server of that one; null when it does. */
export function skewProblem(server: K3sVersion, node: K3sVersion, role: 'server' | 'agent'): string | null {
  if (node.minor > server.minor && role === 'agent') {
    return `the node runs ${short(node)}, newer than the server's ${short(server)}: a kubelet must not be newer than the API server; upgrade the servers first`
  }
  if (role === 'agent' && server.minor - node.minor > KUBELET_LAG) {
    return `the node runs ${short(node)}, more than ${KUBELET_LAG} minors behind the server's ${short(server)}; upgrade it one minor at a time`
  }
  if (role === 'server' && node.minor < server.minor) {
    return `a server of ${short(node)} cannot join servers of ${short(server)}: k3s refuses a down-level server; install ${short(server)} there`
  }
  if (role === 'server' && node.minor > server.minor + 1) {
    return `the servers would run ${short(server)} and ${short(node)}: API servers may differ by one minor; upgrade one minor at a time`
  }
  return null
}

/** Why the servers of a cluster cannot go from one version to another in one step; null when they can. */
export function upgradeProblem(from: K3sVersion, to: K3sVersion): string | null {
  if (compareK3sVersions(to, from) < 0) {
    return `${short(to)} is older than ${short(from)}: a datastore that a newer release has written cannot be read by an older one; restore a snapshot instead`
  }
  if (to.minor > from.minor + 1) {
    return `from ${short(from)} to ${short(to)} minors would be skipped; go to the newest 1.${from.minor + 1} first`
  }
  return null
}

export type KnownFault = {
  readonly id: string
  readonly sentence: string
  readonly fix: string
  readonly source: string
}

/** The first patch release of each minor that has the mend; a minor that is absent never got it. */
const FLANNEL_RETURN_MENDED: Readonly<Record<number, number>> = { 33: 13, 34: 9, 35: 6, 36: 2 }

/** What is known to be wrong with a release, for a cluster over our tunnels. */
export function knownFaults(version: K3sVersion): KnownFault[] {
  const faults: KnownFault[] = []
  const mended = FLANNEL_RETURN_MENDED[version.minor]
  if (version.minor <= NEWEST_MINOR && (mended === undefined || version.patch < mended)) {
    faults.push({
      id: 'flannel-loses-interface',
      sentence: `k3s ${short(version)} loses its pod network when the tunnel's interface is made anew, until k3s is restarted`,
      fix:
        mended === undefined
          ? `No 1.${version.minor} has the mend: choose v1.33.13+k3s1, v1.34.9+k3s1, v1.35.6+k3s1, v1.36.2+k3s1 or later. Spanwire changes its interfaces in place and never makes them anew; other tools may.`
          : `Choose v1.${version.minor}.${mended}+k3s1 or later. Spanwire changes its interfaces in place and never makes them anew; other tools may.`,
      source: 'https://github.com/k3s-io/k3s/issues/12436',
    })
  }
  return faults
}

const short = ({ minor, patch }: K3sVersion): string => `1.${minor}.${patch}`
