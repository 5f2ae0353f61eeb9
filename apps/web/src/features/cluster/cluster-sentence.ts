import type { ClusterDetail } from './cluster-detail.ts'
import { releaseText } from './release-text.ts'

/** How the cluster stands, in one line. */
export function clusterSentence({ settings, nodes, made }: Pick<ClusterDetail, 'settings' | 'nodes' | 'made'>): string {
  const release = releaseText(settings.release)
  if (nodes.length === 0) return `k3s ${release}. No machine has a part in it yet.`
  const servers = nodes.filter(({ role }) => role === 'server').length
  const ready = nodes.filter(({ ready }) => ready === true).length
  const parts = [
    `k3s ${release}`,
    `${ready} of ${nodes.length} Ready`,
    servers === 1 ? '1 server' : `${servers} servers`,
    // Its first server may be Ready before it has told by what others join.
    ...(made ? [] : [ready > 0 ? 'its join token is not here yet' : 'not made yet']),
  ]
  return parts.join(' · ')
}
