/** Brings the pods of this node to what the API says: containerd, the CNI plugins and the kubelet's pod workers in one. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { nth, parseCidr } from '../cidr.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import { log } from '../log.ts'
import { paths } from '../paths.ts'
import { type KubeObject, kubeTime } from '../server/kube-object.ts'
import type { ApiClient } from './api-client.ts'
import { RunningPod } from './running-pod.ts'
import { readSubnet } from './subnet-env.ts'

/** Pods outlive k3s (KillMode=process), so what runs is noted on the disk; /run forgets it at a reboot, as it should. */
const STATE = '/run/k3s/pods'

export class Pods {
  readonly #config: AgentConfig
  readonly #hostIp: string
  readonly #api: ApiClient
  readonly #running = new Map<string, RunningPod>()

  constructor(config: AgentConfig, hostIp: string, api: ApiClient) {
    this.#config = config
    this.#hostIp = hostIp
    this.#api = api
    mkdirSync(STATE, { recursive: true })
    for (const name of readdirSync(STATE)) {
      const pod = RunningPod.adopt(join(STATE, name))
      if (pod) this.#running.set(pod.uid, pod)
    }
  }

  running(namespace: string, name: string): RunningPod | undefined {
    return [...this.#running.values()].find((each) => each.namespace === namespace && each.name === name)
  }

  /** For kube-router and the portmap plugin. */
  all(): RunningPod[] {
    return [...this.#running.values()]
  }

  hasCniConfiguration(): boolean {
    const directory = paths.agent(this.#config.data, 'etc/cni/net.d')
    return existsSync(directory) && readdirSync(directory).some((name) => /\.conf(list)?$/.test(name))
  }

  async sync(): Promise<void> {
    await this.#mirrorStaticPods()
    const node = this.#config.nodeName
    const wanted = await this.#api.list(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`)
    for (const [uid, pod] of this.#running) {
      const object = wanted.find(({ metadata }) => metadata.uid === uid)
      if (object && !object.metadata.deletionTimestamp) continue
      await pod.stop()
      this.#running.delete(uid)
    }
    for (const object of wanted) {
      const path = `/api/v1/namespaces/${object.metadata.namespace}/pods/${object.metadata.name}`
      if (object.metadata.deletionTimestamp) await this.#api.remove(`${path}?gracePeriodSeconds=0`)
      else await this.#bring(object, path)
    }
  }

  async #bring(object: KubeObject, path: string): Promise<void> {
    const uid = object.metadata.uid ?? ''
    if (object.status?.phase === 'Succeeded' || object.status?.phase === 'Failed') return
    const running = this.#running.get(uid)
    if (!running) {
      const address = object.spec.hostNetwork ? this.#hostIp : this.#freeAddress()
      if (address === undefined) return log.error(`failed to allocate for range 0: no IP addresses available`)
      const pod = await RunningPod.start(object, address, this.#config.nodeName, join(STATE, uid))
      this.#running.set(uid, pod)
      await this.#api.patch(`${path}/status`, { status: this.#status(object, address, 'Running') })
    } else if (running.ended()) {
      const phase = running.exitCode() === 0 ? 'Succeeded' : 'Failed'
      await this.#api.patch(`${path}/status`, { status: this.#status(object, running.address, phase) })
    } else if (object.status?.podIP !== running.address) {
      await this.#api.patch(`${path}/status`, { status: this.#status(object, running.address, 'Running') })
    }
  }

  #status(object: KubeObject, podIP: string, phase: string): object {
    const status = phase === 'Running' ? 'True' : 'False'
    const at = kubeTime()
    const condition = (type: string) => ({ type, status, lastTransitionTime: at })
    const started = { running: { startedAt: object.status?.startTime ?? at } }
    return {
      phase,
      podIP,
      podIPs: [{ ip: podIP }],
      hostIP: this.#hostIp,
      startTime: object.status?.startTime ?? at,
      conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(condition),
      containerStatuses: (object.spec.containers ?? []).map(({ name, image }: { name: string; image: string }) => ({
        ...{ name, image, ready: phase === 'Running', started: true, restartCount: 0, state: started },
      })),
    }
  }

  /** host-local: the lowest free one; the first is cni0's. */
  #freeAddress(): string | undefined {
    const subnet = parseCidr(readSubnet()?.subnet ?? '')
    const taken = new Set(this.all().map(({ address }) => address))
    for (let n = 2; subnet && n < 255; n += 1) if (!taken.has(nth(subnet, n))) return nth(subnet, n)
    return undefined
  }

  /** agent/pod-manifests, which k3s gives the kubelet as its directory of static pods. */
  async #mirrorStaticPods(): Promise<void> {
    const directory = paths.agent(this.#config.data, 'pod-manifests')
    const mirrors = new Set<string>()
    for (const file of existsSync(directory) ? readdirSync(directory) : []) {
      const object: KubeObject | null = parse(readFileSync(join(directory, file), 'utf8'))
      if (object?.kind !== 'Pod') continue
      const name = `${object.metadata.name}-${this.#config.nodeName}`
      const namespace = object.metadata.namespace ?? 'default'
      mirrors.add(`${namespace}/${name}`)
      if (await this.#api.find(`/api/v1/namespaces/${namespace}/pods/${name}`)) continue
      const annotations = { ...object.metadata.annotations, 'kubernetes.io/config.mirror': name }
      const spec = { ...object.spec, nodeName: this.#config.nodeName }
      const metadata = { ...object.metadata, name, annotations }
      await this.#api.create(`/api/v1/namespaces/${namespace}/pods`, { ...object, metadata, spec })
    }
  }
}
