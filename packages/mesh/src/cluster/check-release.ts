import { type ClusterFinding, refuse, warn } from './cluster-finding.ts'
import type { Release } from './cluster-settings.ts'
import { type K3sVersion, knownFaults, NEWEST_MINOR, OLDEST_MINOR, parseK3sVersion } from './version.ts'

/** What may be said of the release, and the release as far as it is known: its flags are checked against it. */
export function checkRelease(release: Release): {
  findings: ClusterFinding[]
  version: Pick<K3sVersion, 'minor' | 'patch'> | null
} {
  if (release.kind === 'channel') {
    const minor = /^v1\.([1-9][0-9]{0,2})$/.exec(release.channel)?.[1]
    if (minor === undefined && !/^(stable|latest)$/.test(release.channel)) {
      return {
        findings: [
          refuse(
            'release',
            `${JSON.stringify(release.channel.slice(0, 40))} is no channel of k3s`,
            'Write stable, latest, or a minor like v1.33; or choose a release.',
          ),
        ],
        version: null,
      }
    }
    // The newest patch of the minor will be installed: whatever any of them knows, it knows.
    const version = minor === undefined ? null : { minor: Number(minor), patch: Number.MAX_SAFE_INTEGER }
    const moves = warn(
      'release',
      `the channel ${release.channel} moves: machines that join later get another release than the first ones`,
      'Choose the release itself; upgrades are then yours to start.',
    )
    return { findings: [...(version ? checkMinor(version.minor) : []), moves], version }
  }
  const parsed = parseK3sVersion(release.version)
  if (!parsed.ok || parsed.value.build === null) {
    const text = parsed.ok
      ? `${release.version} is the build of a commit, which cannot be installed by name`
      : parsed.error.message
    return { findings: [refuse('release', text, 'Choose a release like v1.33.4+k3s1.')], version: null }
  }
  const version = parsed.value
  const faults = knownFaults(version).map((fault) => warn('release', fault.sentence, fault.fix))
  return { findings: [...checkMinor(version.minor), ...faults], version }
}

function checkMinor(minor: number): ClusterFinding[] {
  if (minor < OLDEST_MINOR)
    return [
      refuse(
        'release',
        `k3s 1.${minor} is older than what is supported here`,
        `Choose 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}.`,
      ),
    ]
  if (minor > NEWEST_MINOR)
    return [
      warn(
        'release',
        `k3s 1.${minor} is newer than what was read for this version: its flags are taken for those of 1.${NEWEST_MINOR}`,
        'Try it on a cluster that you can lose.',
      ),
    ]
  return []
}
