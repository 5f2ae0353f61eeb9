import type { ReactNode } from 'react'
import { Ago } from '~/ui/ago.tsx'
import { Definitions } from '~/ui/definitions.tsx'
import { Mono } from '~/ui/mono.tsx'
import { labelTexts } from '~/ui/parse-labels.ts'
import classes from './identity.module.css'
import type { NodeDetail } from './node-detail.ts'
import { RevisionLine } from './revision-line.tsx'

/** What the node is in the network; addresses and key copy on click. */
export function Identity({ node }: { node: NodeDetail }) {
  const rows: [string, ReactNode][] = [
    ['Configuration', <RevisionLine key="revision" revision={node.revision} />],
    ['Role', node.role],
    ['Site', node.siteName ?? <None key="site" />],
    ['Labels', <Labels key="labels" texts={labelTexts(node.labels)} />],
    ...(node.tags.length > 0
      ? ([['Tags', <Labels key="tags" texts={node.tags.map((tag) => `tag:${tag}`)} />]] as [string, ReactNode][])
      : []),
    ['IPv4', <Copied key="v4" text={node.address4} />],
    ['IPv6', <Copied key="v6" text={node.address6} />],
    ...(node.role === 'gateway' || node.endpoint
      ? ([['Endpoint', <Copied key="endpoint" text={node.endpoint} />]] as [string, ReactNode][])
      : []),
    ['Public key', <Copied key="key" text={node.publicKey} />],
    ...(node.keysRotatedAt
      ? ([['Keys rotated', <Ago key="rotated" at={node.keysRotatedAt} />]] as [string, ReactNode][])
      : []),
    node.enrolledAt
      ? ['Joined', <Ago key="joined" at={node.enrolledAt} />]
      : ['Invited', <Ago key="invited" at={node.createdAt} />],
  ]
  return <Definitions title="In the network" rows={rows} />
}

const None = () => <span className={classes.none}>none</span>

function Copied({ text }: { text: string | null }) {
  return text ? <Mono copy>{text}</Mono> : <None />
}

function Labels({ texts }: { texts: readonly string[] }) {
  if (texts.length === 0) return <None />
  return (
    <span className={classes.labels}>
      {texts.map((text) => (
        <span key={text} className={classes.label}>
          {text}
        </span>
      ))}
    </span>
  )
}
