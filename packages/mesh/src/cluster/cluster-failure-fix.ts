/** What to do about a failure of a join after the tunnel, by code. Codes of the preflight and of the network have their own fixes. */
import { failureFix } from '../enrolment/failure-fix.ts'
import { PREFLIGHT_CODES } from './preflight-codes.ts'

export const CLUSTER_FAILURES = {
  'installer-fetch':
    'The machine cannot fetch the installer. Check DNS and outgoing HTTPS there, or put it on the machine and give its path in the cluster.',
  'installer-hash':
    'The installer is not the one whose SHA-256 the cluster has, and was not run. Look who changed it; if it was k3s, put the new SHA-256 into the cluster.',
  'installer-failed':
    'The installer of k3s ended with an error; the evidence has its last lines. Mend that, then paste the line again.',
  'download-failed':
    'The machine cannot download k3s from GitHub. Check outgoing HTTPS there, or put the program on it and switch "air gap" on.',
  'binary-missing':
    'The cluster is in air-gap mode, and /usr/local/bin/k3s is not on the machine. Put program and images there, then paste the line again.',
  'api-unreachable':
    'The API of the cluster does not answer through the tunnel. Look whether k3s runs on the server and its host firewall lets port 6443 in.',
  'ca-mismatch':
    'The certificate that the server shows is not the one of this cluster: its token is for another cluster, or somebody is in between. Nothing was installed.',
  'token-wrong': 'The server does not know the token. Paste the line again: a new one is made.',
  'token-expired':
    'The token of this join has expired while the machine was at work. Paste the line again: a new one is made.',
  'node-password':
    'A machine of this name was in the cluster before. On its page "Forget its old password"; k3s there goes on by itself. Or give this one another name.',
  'server-needs-server-token': 'A server was given a token for agents. Paste the line again; if it stays, report this.',
  'config-mismatch':
    'The servers differ in a value that must be equal; the evidence names it. Another file in config.yaml.d or config.yaml sets it on one of them: take it out there.',
  'config-refused': 'k3s refuses its configuration; the evidence has its words. Mend the settings of the cluster.',
  'node-address-missing':
    'k3s did not find the node\'s address on an interface: the tunnel was down when it started. It tries again by itself; "spanwire status" says how the tunnel is.',
  'etcd-busy': 'etcd takes one new member at a time, and another is joining. Wait for it, then paste the line again.',
  'service-failed': 'k3s ends again and again; the evidence has the last lines of its log.',
  'not-ready': 'Kubernetes does not call the node Ready; the evidence has the reason that kubelet gives.',
  'wrong-internal-ip':
    'The node registered with another address than its overlay address. Delete it from the cluster here, then paste the line again: the address is taken from the first start on.',
  'pod-unreachable':
    'The pod runs, and does not answer through the tunnel. Run "spanwire doctor" on both machines; --fix adds the rule for pods.',
  'image-pull':
    'The image of the test pod could not be pulled. Look whether the machine reaches the registry, or give the cluster a mirror.',
} as const satisfies Record<string, string>

export function clusterFailureFix(code: string | null | undefined): string {
  if (code != null && Object.hasOwn(CLUSTER_FAILURES, code))
    return CLUSTER_FAILURES[code as keyof typeof CLUSTER_FAILURES]
  if (code != null && Object.hasOwn(PREFLIGHT_CODES, code))
    return PREFLIGHT_CODES[code as keyof typeof PREFLIGHT_CODES].fix
  return failureFix(code)
}
