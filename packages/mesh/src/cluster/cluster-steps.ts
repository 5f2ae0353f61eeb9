/**
 * The steps of a join after the tunnel. The node says each of them; it is green only when the end named here saw it too. The first
 * server makes the cluster, so its API comes after its k3s.
 *
 *   first server     installed ─ api ─ registered ─ ready ─ pod range ─ pod answered
 *   all others       api ─ installed ─ registered ─ ready ─ pod range ─ pod answered
 */
import type { StepRule } from '../enrolment/steps.ts'
import type { ClusterRole } from './cluster-node.ts'
import type { FlannelBackend } from './cluster-settings.ts'

export type ClusterStep = 'api-reachable' | 'k3s-installed' | 'registered' | 'ready' | 'pod-range' | 'pod-answered'

export const CLUSTER_STEPS = {
  'api-reachable': {
    title: 'Kubernetes API reachable through the tunnel',
    confirmedBy: 'cluster',
    confirmedWhen: 'a server of the cluster answered the node at its overlay address',
    timeoutSeconds: 90,
    timeout:
      'the API did not answer through the tunnel within 90 s: k3s may be down on the server, or a firewall there rejects port 6443',
    timeoutFix:
      'Look at the server on the cluster page; run "spanwire doctor" there. The node goes on by itself when the API answers.',
  },
  'k3s-installed': {
    title: 'k3s installed and started',
    confirmedBy: 'server',
    confirmedWhen: 'the node reported the service running, with its release',
    // 70 MB of program over a slow line, then the first start.
    timeoutSeconds: 900,
    timeout: 'k3s was not installed within 15 minutes: the download may be slow, or its address blocked',
    timeoutFix:
      'Look at the terminal of the machine. Without a way out, put the program on it and switch "air gap" on; then paste the line again.',
  },
  registered: {
    title: 'Registered with Kubernetes',
    confirmedBy: 'cluster',
    confirmedWhen: 'a server has the node in its list, with the overlay address as INTERNAL-IP',
    timeoutSeconds: 240,
    timeout: 'k3s runs, but Kubernetes did not list the node within 4 minutes',
    timeoutFix:
      'The evidence has the last lines of the log of k3s. "journalctl -u k3s-agent" on the machine has the rest.',
  },
  ready: {
    title: 'Node Ready',
    confirmedBy: 'cluster',
    confirmedWhen: 'Kubernetes called the node Ready',
    // A pod range is given to nodes that are not, and pods may run there that ask for no better.
    standsAlone: true,
    // Images of the first pods are pulled before the pod network is there.
    timeoutSeconds: 600,
    timeout:
      'registered, but not Ready within 10 minutes: the pod network did not come up, or images could not be pulled',
    timeoutFix:
      'The evidence has the reason that kubelet gives. Look whether the machine reaches the registry, or give the cluster a mirror.',
  },
  'pod-range': {
    title: 'Pod range known to all peers',
    confirmedBy: 'gateway',
    confirmedWhen: "the gateway confirmed a configuration with the node's pod range",
    timeoutSeconds: 120,
    timeout: 'the gateway has not taken the pod range within 2 minutes: it may not reach the server',
    timeoutFix: 'Open the gateway: a configuration that it did not apply says why there.',
  },
  'pod-answered': {
    title: 'A pod on it answered',
    confirmedBy: 'cluster',
    confirmedWhen: 'another machine had an answer from a pod on this node',
    timeoutSeconds: 300,
    timeout:
      'Ready, but no pod on it answered within 5 minutes: a firewall on one of the machines likely drops packets of pods',
    timeoutFix: 'Run "spanwire doctor" on the node and on the gateway; --fix adds the rule for pods.',
  },
} satisfies Record<ClusterStep, StepRule>

export const CLUSTER_STEP_NAMES = Object.keys(CLUSTER_STEPS) as readonly ClusterStep[]

/** Without flannel a pod range means nothing to us: the other CNI carries its pods. */
export function clusterStepsOf(role: ClusterRole, backend: FlannelBackend): readonly ClusterStep[] {
  const rest: ClusterStep[] = [
    'registered',
    'ready',
    ...(backend === 'none' ? [] : (['pod-range'] as const)),
    'pod-answered',
  ]
  return role === 'server-first'
    ? ['k3s-installed', 'api-reachable', ...rest]
    : ['api-reachable', 'k3s-installed', ...rest]
}
