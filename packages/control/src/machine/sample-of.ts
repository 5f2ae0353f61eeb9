/** What of a report goes into the charts. */
import type { Report } from '@spanwire/mesh/protocol/parse-report'
import type { Sample } from '../samples/sample-rows.ts'
import type { Digest } from './digest-report.ts'

type Reported = Pick<Digest, 'status'> & {
  readonly node: { readonly id: string }
  readonly report: Report
  readonly at: Date
}

export function sampleOf({ node, report, status, at }: Reported): Sample {
  const used = (capacity: { totalKb: number; freeKb: number } | null) =>
    capacity && capacity.totalKb > 0 ? 1 - capacity.freeKb / capacity.totalKb : null
  return {
    nodeId: node.id,
    at,
    cpu: status.cpu,
    memory: used(report.memory),
    disk: used(report.disk),
    load1: report.load1,
    rx: status.rxRate,
    tx: status.txRate,
  }
}
