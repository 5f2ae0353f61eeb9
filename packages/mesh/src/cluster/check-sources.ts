/** Where programs and images come from. */

import { type ClusterFinding, refuse, warn } from './cluster-finding.ts'
import type { ClusterSettings } from './cluster-settings.ts'

export const checkSources = (settings: ClusterSettings): ClusterFinding[] => [
  ...checkInstaller(settings),
  ...checkMirrors(settings),
]

function checkInstaller({ installer, airGap }: ClusterSettings): ClusterFinding[] {
  const { source, sha256 } = installer
  const isPath = /^(\/[A-Za-z0-9._-]+)+$/.test(source) && !source.includes('/..')
  const isAddress = /^https:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/+%-]*)?$/.test(source)
  if (!isPath && !isAddress)
    return [
      refuse(
        'installer',
        'the installer is an https address or an absolute path on the machine',
        'Write https://get.k3s.io, or /opt/k3s/install.sh.',
      ),
    ]
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256))
    return [
      refuse('installer', 'a SHA-256 has 64 characters, 0 to 9 and a to f', 'Copy what "sha256sum install.sh" prints.'),
    ]
  const findings: ClusterFinding[] = []
  if (sha256 === null) {
    findings.push(
      warn(
        'installer',
        `whoever can change ${source} runs commands as root on every machine that joins`,
        'Give its SHA-256, and an address whose content stays: .../k3s-io/k3s/v1.33.4+k3s1/install.sh at raw.githubusercontent.com.',
      ),
    )
  }
  if (airGap && isAddress)
    findings.push(
      warn(
        'installer',
        'with no way out the machines may not reach the address of the installer',
        'Put it on the machines and give its path.',
      ),
    )
  return findings
}

function checkMirrors({ registryMirrors, embeddedRegistry }: ClusterSettings): ClusterFinding[] {
  const names = registryMirrors.map(({ registry }) => registry)
  return registryMirrors.flatMap(({ registry, endpoints }, i) => {
    const shown = JSON.stringify(registry.slice(0, 60))
    if (registry !== '*' && !/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9][0-9]{0,4})?$/.test(registry))
      return [
        refuse(
          'registryMirrors',
          `${shown} is no name of a registry`,
          'Write it like docker.io or registry.example.org:5000.',
        ),
      ]
    if (names.indexOf(registry) !== i)
      return [refuse('registryMirrors', `${shown} comes twice`, 'Put all its mirrors into one entry.')]
    const bad = endpoints.find((endpoint) => !/^https?:\/\/[A-Za-z0-9.:[\]-]+(\/[A-Za-z0-9._/-]*)?$/.test(endpoint))
    if (bad !== undefined)
      return [
        refuse(
          'registryMirrors',
          `${JSON.stringify(bad.slice(0, 60))} is no address of a mirror`,
          'Write it like https://mirror.example.org:5000.',
        ),
      ]
    if (endpoints.length === 0 && !embeddedRegistry)
      return [refuse('registryMirrors', `${shown} has no mirror`, 'Give one, or switch the embedded registry on.')]
    return []
  })
}
