/** Findings about the machine itself: kernel, init, memory, disk, clock. */
import { clockStatus } from '../health/clock-status.ts'
import { found, type PreflightFinding } from './preflight-codes.ts'
import type { PreflightContext } from './preflight-context.ts'
import type { PreflightFacts } from './preflight-facts.ts'

const ARCHITECTURES = ['x86_64', 'amd64', 'aarch64', 'arm64', 'armv7l', 'armhf', 's390x']

/** Kubernetes starts containers with these; kubelet refuses to start without (docs.k3s.io, "Requirements"; k3s check-config). */
const CONTROLLERS = ['cpu', 'cpuset', 'memory', 'pids']
const MODULES = ['br_netfilter', 'overlay', 'nf_conntrack', 'veth']

/** From 1.35 on kubelet refuses cgroup v1 (failCgroupV1 is true by default). */
const CGROUP_V2_ONLY = 35

/** Least and asked for, in KiB; the asked-for values are those of k3s, less what the kernel keeps for itself. */
const MEMORY = { server: { least: 700 << 10, asked: 1_800_000 }, agent: { least: 200 << 10, asked: 460_000 } }
const DISK_LEAST_KB = 1 << 20
const DISK_LOW_KB = 4 << 20

export function preflightHost(facts: PreflightFacts, context: PreflightContext): PreflightFinding[] {
  const { join } = context
  return [...wireguard(facts), ...(join ? kubernetesNeeds(facts, join) : []), ...clock(facts)]
}

function wireguard({ wireguard: kind }: PreflightFacts): PreflightFinding[] {
  if (kind === 'none')
    return [
      found('no-wireguard', 'this machine has no WireGuard, neither in its kernel nor beside it', 'wireguard none'),
    ]
  if (kind === 'wireguard-go' || kind === 'boringtun')
    return [found('wireguard-userspace', `WireGuard runs as a program here (${kind})`, `wireguard ${kind}`)]
  return []
}

function kubernetesNeeds(
  facts: PreflightFacts,
  { role, cluster, version }: NonNullable<PreflightContext['join']>,
): PreflightFinding[] {
  const findings: PreflightFinding[] = []
  const { arch, init, cgroup, cgroupControllers, memoryKb, cpus } = facts
  if (arch !== null && !ARCHITECTURES.includes(arch))
    findings.push(found('arch-unsupported', `k3s has no program for ${arch}`, `arch ${arch}`))
  if (init === 'none')
    findings.push(found('no-init', 'this machine has neither systemd nor OpenRC, which would run k3s', 'init none'))
  const absent = cgroupControllers === null ? [] : CONTROLLERS.filter((name) => !cgroupControllers.includes(name))
  if (cgroup === 'none' || absent.length > 0) {
    const what =
      cgroup === 'none' ? 'the kernel has no cgroups' : `the cgroup controller ${absent.join(', ')} is switched off`
    findings.push(
      found(
        'cgroup-missing',
        `${what}, and kubelet does not start without`,
        `cgroup ${cgroup ?? '?'} ${cgroupControllers?.join(' ') ?? ''}`.trim(),
      ),
    )
  } else if (cgroup === 'v1') {
    const isRefused = version !== null && version.minor >= CGROUP_V2_ONLY
    const finding = found(
      'cgroup-v1',
      isRefused
        ? `Kubernetes 1.${version.minor} does not start on cgroup v1, which this machine has`
        : 'this machine has cgroup v1, which Kubernetes is leaving',
      'cgroup v1',
    )
    findings.push(isRefused ? { ...finding, severity: 'critical', blocks: true } : finding)
  }
  const wanted = cluster.flannelBackend === 'vxlan' ? [...MODULES, 'vxlan'] : MODULES
  const missing = facts.modules
    .filter(({ name, state }) => state === 'missing' && wanted.includes(name))
    .map(({ name }) => name)
  if (missing.length > 0)
    findings.push(
      found(
        'module-missing',
        `the kernel has no ${missing.join(', ')}, which k3s needs`,
        `module ${missing.join(', ')} missing`,
      ),
    )
  if (facts.hasDefaultRoute === false)
    findings.push(found('no-default-route', 'this machine has no default route', 'default-route no'))
  if (facts.nmCloudSetup)
    findings.push(
      found('nm-cloud-setup', 'nm-cloud-setup is on, and removes routes that are not its own', 'nm-cloud-setup yes'),
    )
  if (memoryKb !== null) {
    const { least, asked } = MEMORY[role]
    const said = `memory ${Math.round(memoryKb / 1024)} MB`
    if (memoryKb < least)
      findings.push(
        found('memory-too-small', `${Math.round(memoryKb / 1024)} MB of memory are too little for a k3s ${role}`, said),
      )
    else if (memoryKb < asked)
      findings.push(
        found('memory-low', `${Math.round(memoryKb / 1024)} MB of memory are little for a k3s ${role}`, said),
      )
  }
  if (role === 'server' && cpus !== null && cpus < 2)
    findings.push(found('cpus-few', 'one core is little for a k3s server', `cpus ${cpus}`))
  if (facts.hasResolver === false)
    findings.push(
      found(
        'no-resolver',
        'the only name server of this machine is on loopback, where pods cannot ask it',
        'resolver no',
      ),
    )
  if (facts.selinux === 'enforcing' && cluster.airGap)
    findings.push(
      found('selinux-air-gap', 'SELinux is enforcing, and containers need its policy for k3s', 'selinux enforcing'),
    )
  return [...findings, ...disks(facts)]
}

function disks({ disks }: PreflightFacts): PreflightFinding[] {
  return disks.flatMap(({ path, freeKb, totalKb }) => {
    const said = `disk ${path} ${Math.floor(freeKb / 1024)} MB free of ${Math.floor(totalKb / 1024)} MB`
    if (freeKb < DISK_LEAST_KB)
      return [found('disk-full', `the disk of ${path} has ${Math.floor(freeKb / 1024)} MB left`, said)]
    // kubelet's imagefs.available<15% is the first that bites.
    if (freeKb < DISK_LOW_KB || freeKb < totalKb * 0.15)
      return [
        found(
          'disk-low',
          `the disk of ${path} has ${Math.floor(freeKb / 1024)} MB left, ${Math.floor((freeKb / totalKb) * 100)} % of it`,
          said,
        ),
      ]
    return []
  })
}

function clock({ clockSkewMs, isClockSynced }: PreflightFacts): PreflightFinding[] {
  if (clockSkewMs !== null) {
    const { status, sentence } = clockStatus(clockSkewMs)
    if (status === 'bad') return [found('clock-wrong', `the ${sentence}`, `clock-skew-ms ${clockSkewMs}`)]
    if (status === 'warn') return [found('clock-off', `the ${sentence}`, `clock-skew-ms ${clockSkewMs}`)]
  }
  return isClockSynced === false
    ? [found('clock-off', 'nothing keeps the clock of this machine right', 'clock-synced no')]
    : []
}
