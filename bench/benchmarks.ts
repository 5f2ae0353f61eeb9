/** All benchmarks by name, in the order in which they run. One more is one more file and one more line. */
import { applyDelta5000 } from './apply-delta-5000.ts'
import { bytes1000 } from './bytes-1000.ts'
import { bytes10000 } from './bytes-10000.ts'
import { compile1000x500 } from './compile-1000x500.ts'
import { cpuFlatness } from './cpu-flatness.ts'
import { enrolRate } from './enrol-rate.ts'
import { heldMemory } from './held-memory.ts'
import type { Measurement } from './measurement.ts'
import { plan1000Mesh } from './plan-1000-mesh.ts'
import { plan10000Sites } from './plan-10000-sites.ts'
import { propagation1000 } from './propagation-1000.ts'
import { propagation10000 } from './propagation-10000.ts'
import { recompile1000x500 } from './recompile-1000x500.ts'
import { replan5000 } from './replan-5000.ts'
import { reportRate } from './report-rate.ts'
import type { Stage } from './stage.ts'
import { storm10000 } from './storm-10000.ts'

export type Benchmark = { readonly explanation: string; run(stage: Stage): Promise<Measurement> }

export const benchmarks: Readonly<Record<string, Benchmark>> = {
  'propagation-1000': {
    explanation:
      'one change by the API until 1,000 waiting nodes have it; node:http answering 1,000 held requests. Less is better',
    run: propagation1000,
  },
  'bytes-1000': {
    explanation: 'what that change sends to a node; only the changed files by node:http. Less is better',
    run: bytes1000,
  },
  'held-memory': {
    explanation: 'memory of a request held open, connection and all; the same in node:http. Less is better',
    run: heldMemory,
  },
  'enrol-rate': {
    explanation: 'machines that join, 16 at once; bare INSERTs of the same rows. More is better',
    run: enrolRate,
  },
  'report-rate': {
    explanation: 'reports taken, 32 at once; node:http reading the same and answering 204. More is better',
    run: reportRate,
  },
  'compile-1000x500': {
    explanation:
      'a policy of 500 rules to the rules of 1,000 nodes; JSON.parse of the same and a copy of the text. Less is better',
    run: compile1000x500,
  },
  'recompile-1000x500': {
    explanation: 'the same when one node joins: plan and its rules; JSON.parse of the rows and a copy. Less is better',
    run: recompile1000x500,
  },
  'plan-1000-mesh': {
    explanation: 'rows of a mesh of 1,000 to the bundle of each; JSON.parse of the rows and a copy. Less is better',
    run: plan1000Mesh,
  },
  'plan-10000-sites': {
    explanation: 'rows of 10,000 nodes in 200 sites to the plan of all; JSON.parse of the rows. Less is better',
    run: plan10000Sites,
  },
  'replan-5000': {
    explanation: 'one node joins 5,000: the plan again, and who must know; JSON.parse of the rows. Less is better',
    run: replan5000,
  },
  'bytes-10000': {
    explanation: 'one machine joins 10,000 in 200 sites: what all others are sent; 50 bytes for each. Less is better',
    run: bytes10000,
  },
  'propagation-10000': {
    explanation:
      'one change until 99 of 100 of 10,000 waiting nodes have it; node:http answering as many. Less is better',
    run: propagation10000,
  },
  'storm-10000': {
    explanation:
      '10,000 nodes come back at once, until the last has the current revision; node:http giving as much. Less is better',
    run: storm10000,
  },
  'cpu-flatness': {
    explanation: 'processor time of a change for each of 10,000 that hear of it; for each of 100. Less is better',
    run: cpuFlatness,
  },
  'apply-delta-5000': {
    explanation: 'one peer more on an interface with 5,000, as the script does it; wg syncconf of all. Less is better',
    run: applyDelta5000,
  },
}
