/** What a kubelet and k3s's cloud controller write into a Node, in the shape of a real one. */
import { readFileSync } from 'node:fs'
import { arch, cpus, hostname, release, totalmem } from 'node:os'
import type { AgentConfig } from '../config/agent-config.ts'
import { type Condition, kubeTime } from '../server/kube-object.ts'
import { version } from '../version.ts'

const CNI_MISSING =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

export type NodeStatus = { conditions: Condition[]; addresses: { type: string; address: string }[] }

export function nodeStatus(config: AgentConfig, nodeIps: string[], isReady: boolean): NodeStatus {
  const capacity = { cpu: String(cpus().length), memory: `${Math.floor(totalmem() / 1024)}Ki`, pods: '110' }
  const status = {
    capacity,
    allocatable: capacity,
    addresses: [
      ...nodeIps.map((address) => ({ type: 'InternalIP', address })),
      ...config.externalIps.map((address) => ({ type: 'ExternalIP', address })),
      { type: 'Hostname', address: config.nodeName },
    ],
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      isReady
        ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
        : condition('Ready', 'False', 'KubeletNotReady', CNI_MISSING),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    nodeInfo: {
      machineID: read('/etc/machine-id'),
      bootID: read('/proc/sys/kernel/random/boot_id'),
      kernelVersion: release(),
      osImage: 'Debian GNU/Linux',
      containerRuntimeVersion: 'containerd://2.1.4-k3s1',
      kubeletVersion: version,
      kubeProxyVersion: version,
      operatingSystem: 'linux',
      architecture: architecture(),
    },
  }
  return status
}

/** Those that k3s gives; the ones of the configuration come on top at registration. */
export function ownLabels({ nodeName, options }: AgentConfig, isServer: boolean): Record<string, string> {
  const common = {
    'kubernetes.io/arch': architecture(),
    'kubernetes.io/hostname': nodeName,
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': 'k3s',
  }
  if (!isServer) return common
  const isEtcd = options.bool('cluster-init') || options.string('server') !== ''
  const controlPlane = { 'node-role.kubernetes.io/control-plane': 'true' }
  return { ...common, ...controlPlane, ...(isEtcd ? { 'node-role.kubernetes.io/etcd': 'true' } : {}) }
}

export function nodeAnnotations(config: AgentConfig, nodeIps: string[], isServer: boolean): Record<string, string> {
  const { externalIps, options } = config
  return {
    'alpha.kubernetes.io/provided-node-ip': nodeIps.join(','),
    'k3s.io/hostname': hostname(),
    'k3s.io/internal-ip': nodeIps.join(','),
    ...(externalIps.length > 0 ? { 'k3s.io/external-ip': externalIps.join(',') } : {}),
    'k3s.io/node-args': JSON.stringify([isServer ? 'server' : 'agent', ...options.args()]),
  }
}

function condition(type: string, status: Condition['status'], reason: string, message: string): Condition {
  const at = kubeTime()
  return { type, status, reason, message, lastHeartbeatTime: at, lastTransitionTime: at }
}

function architecture(): string {
  return arch() === 'x64' ? 'amd64' : arch()
}

function read(path: string): string {
  return readFileSync(path, 'utf8').trim()
}
