import type { Settings } from './cluster-detail.ts'

/** 'v1.33.4+k3s1', 'channel stable' */
export const releaseText = (release: Settings['release']): string =>
  release.kind === 'version' ? release.version : `channel ${release.channel}`
