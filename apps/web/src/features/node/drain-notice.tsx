import { Ago } from '~/ui/ago.tsx'
import { Notice } from '~/ui/notice.tsx'
import type { NodeDetail } from './node-detail.ts'

/** How far a gateway is that shall carry nobody any more. */
export function DrainNotice({ node }: { node: NodeDetail }) {
  if (!node.draining) return null
  if (node.drainedAt) {
    return (
      <Notice status="info">
        It carries nobody since <Ago at={node.drainedAt} />: it can be stopped or taken away. “Let it carry again”
        undoes this.
      </Notice>
    )
  }
  return (
    <Notice status="warn">
      It is being drained: do not stop it yet. Members are moved to other gateways, each when its next tunnel is proven;
      here it is said when nobody is left.
    </Notice>
  )
}
