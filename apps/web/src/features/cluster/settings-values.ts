import { COMPONENTS } from '@spanwire/mesh/cluster/cluster-settings'
import type { Settings } from './cluster-detail.ts'
import { argumentLines, linesOf, mirrorLines, parseArguments, parseMirrors } from './line-lists.ts'

type AsText =
  | 'release'
  | 'podRange6'
  | 'serviceRange6'
  | 'clusterDns'
  | 'tlsSans'
  | 'extraServer'
  | 'extraAgent'
  | 'registryMirrors'
  | 'installer'

/** The settings as the form holds them: what may be left out is '', lists are lines. */
export type SettingsValues = Omit<Settings, AsText> &
  Record<Exclude<AsText, 'release' | 'installer'>, string> & {
    releaseKind: 'channel' | 'version'
    channel: string
    version: string
    installerSource: string
    installerSha256: string
    /** of an external datastore; '' while it is not to be changed */
    datastoreEndpoint: string
  }

export function valuesOf(settings: Settings): SettingsValues {
  const { release, installer, tlsSans, extraServer, extraAgent, registryMirrors, ...rest } = settings
  return {
    ...rest,
    podRange6: rest.podRange6 ?? '',
    serviceRange6: rest.serviceRange6 ?? '',
    clusterDns: rest.clusterDns ?? '',
    releaseKind: release.kind,
    channel: release.kind === 'channel' ? release.channel : 'stable',
    version: release.kind === 'version' ? release.version : '',
    tlsSans: tlsSans.join('\n'),
    extraServer: argumentLines(extraServer),
    extraAgent: argumentLines(extraAgent),
    registryMirrors: mirrorLines(registryMirrors),
    installerSource: installer.source,
    installerSha256: installer.sha256 ?? '',
    datastoreEndpoint: '',
  }
}

export function settingsOf(values: SettingsValues): Settings {
  const { releaseKind, channel, version, installerSource, installerSha256, datastoreEndpoint: _, ...rest } = values
  return {
    ...rest,
    name: rest.name.trim(),
    podRange4: rest.podRange4.trim(),
    serviceRange4: rest.serviceRange4.trim(),
    podRange6: rest.podRange6.trim() || null,
    serviceRange6: rest.serviceRange6.trim() || null,
    clusterDns: rest.clusterDns.trim() || null,
    clusterDomain: rest.clusterDomain.trim(),
    // in one order, or the same choice made twice would look like a change
    disable: COMPONENTS.filter((component) => rest.disable.includes(component)),
    release:
      releaseKind === 'channel'
        ? { kind: 'channel', channel: channel.trim() }
        : { kind: 'version', version: version.trim() },
    tlsSans: linesOf(rest.tlsSans),
    extraServer: parseArguments(rest.extraServer),
    extraAgent: parseArguments(rest.extraAgent),
    registryMirrors: parseMirrors(rest.registryMirrors),
    installer: { source: installerSource.trim(), sha256: installerSha256.trim() || null },
  }
}
