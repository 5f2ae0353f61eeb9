/** Findings about Kubernetes: what is on the machine already, and what the cluster remembers of it. */
import { configEntries } from './config-entries.ts'
import { CONFIG_PATH } from './k3s-paths.ts'
import { found, type PreflightFinding } from './preflight-codes.ts'
import type { PreflightContext } from './preflight-context.ts'
import type { PreflightFacts } from './preflight-facts.ts'
import { knownFaults, skewProblem } from './version.ts'

export function preflightKubernetes(facts: PreflightFacts, context: PreflightContext): PreflightFinding[] {
  const { join, nodeName } = context
  const docker =
    facts.dockerVersion === null
      ? []
      : [found('docker-present', `Docker ${facts.dockerVersion} is on this machine`, `docker ${facts.dockerVersion}`)]
  if (!join) return docker
  return [
    ...present(facts, join.role),
    ...remembered(facts, join, nodeName),
    ...release(join),
    ...overridden(facts, join),
    ...docker,
  ]
}

type Join = NonNullable<PreflightContext['join']>

function present(
  { k3sVersion, k3sRole, isK3sOurs, hasKubeadm }: PreflightFacts,
  role: 'server' | 'agent',
): PreflightFinding[] {
  const findings: PreflightFinding[] = []
  const evidence = `k3s-version ${k3sVersion ?? 'none'}, k3s-role ${k3sRole ?? 'none'}`
  if (hasKubeadm)
    findings.push(found('kubernetes-present', 'this machine is a node of a cluster that kubeadm made', 'kubeadm yes'))
  // A k3s binary without a service is what an air gap asks for.
  if (k3sRole !== null && !isK3sOurs)
    findings.push(
      found(
        'kubernetes-present',
        `this machine runs a k3s ${k3sRole} (${k3sVersion ?? 'unknown release'}) that Spanwire did not install`,
        evidence,
      ),
    )
  else if (k3sRole !== null && k3sRole !== role)
    findings.push(
      found(
        'kubernetes-present',
        `this machine is a k3s ${k3sRole} already, and was asked to be ${role === 'server' ? 'a server' : 'an agent'}`,
        evidence,
        'Remove the node first, or choose the role that it has.',
      ),
    )
  return findings
}

function remembered(
  { hasNodePassword, k3sRole, isK3sOurs }: PreflightFacts,
  { nodeNames, isNameRemembered, isRunning }: Join,
  nodeName: string,
): PreflightFinding[] {
  if (isRunning) return []
  if (nodeNames.includes(nodeName))
    return [found('name-taken', `the cluster has another node called ${nodeName}`, `name ${nodeName}`)]
  // A machine with its password is the one that the cluster remembers, and is let in again.
  const isSame = hasNodePassword === true || (k3sRole !== null && isK3sOurs === true)
  if (!isNameRemembered || isSame || hasNodePassword === null) return []
  return [
    found(
      'node-password',
      `the cluster remembers a node ${nodeName} with a password that this machine does not have: it was installed anew, and k3s would say "Node password rejected"`,
      'node-password no',
    ),
  ]
}

function release({ version, serverVersion, role }: Join): PreflightFinding[] {
  if (!version) return []
  const skew = serverVersion ? skewProblem(serverVersion, version, role) : null
  return [
    ...(skew
      ? [
          found(
            'version-skew',
            skew,
            `wants 1.${version.minor}.${version.patch}, servers run 1.${serverVersion?.minor}.${serverVersion?.patch}`,
          ),
        ]
      : []),
    ...knownFaults(version).map(({ sentence, fix, source }) => found('release-loses-flannel', sentence, source, fix)),
  ]
}

/** Files of config.yaml.d are read in the order of their names, and the last one wins. */
function overridden({ configKeys }: PreflightFacts, { role, cluster }: Join): PreflightFinding[] {
  const someNode = {
    name: 'n',
    address4: '10.0.0.1',
    address6: 'fd00::1',
    labels: {},
    taints: [],
    zone: null,
    region: null,
  }
  const ours = configEntries(cluster, someNode, { role, interfaceName: 'span0', serverAddress: '10.0.0.2' }).map(
    ({ key }) => key,
  )
  const folder = CONFIG_PATH.slice(0, CONFIG_PATH.lastIndexOf('/') + 1)
  return configKeys
    .filter(
      ({ file, key }) =>
        file.startsWith(folder) && file > CONFIG_PATH && !file.includes('spanwire') && ours.includes(key),
    )
    .map(({ file, key }) =>
      found('config-overridden', `${file} sets ${key} after Spanwire does`, `config-key ${file} ${key}`),
    )
}
