/**
 * A stand-in for the k3s program, for lab hosts: it takes k3s's command lines and files, refuses what k3s refuses, and does
 * to the machine's network what k3s does, so that what surrounds k3s can be tested where no k3s can be had. Behaviour and
 * words are read from k3s's own sources and documentation, named in each file.
 *
 * Simpler than k3s:
 *  - No containers, images, volumes, DNS, Traefik, Helm or metrics. A pod is a network namespace on cni0 with one process:
 *    a small HTTP server, or the container's command with the machine's own programs. Probes and limits mean nothing.
 *  - The datastore is one JSON file on the first server. Further servers pass requests on to it; with it gone they answer
 *    503, as a two-member etcd without a quorum would refuse writes. `datastore-endpoint` is accepted and never dialled: a
 *    further server needs `server` there too, which real ones do not. No snapshots, no cluster-reset.
 *  - The API keeps any object as it comes. Its own clients ask each second and do not watch; no admission, no defaulting
 *    beyond nodes, pods and services; of RBAC the ClusterRoleBindings, with rules of thumb for the built-in roles.
 *  - The egress selector's websocket tunnel is absent: the API server asks kubelets at their InternalIP. Stricter than
 *    k3s, which reaches a kubelet whose address it cannot, unless egress-selector-mode is `disabled`.
 *  - An unknown key in config.yaml ends it. k3s warns of it on servers and goes on.
 *  - Pod networking is IPv4. Second ranges and addresses are checked and shown, and nothing more.
 *  - NetworkPolicy objects are not enforced; kube-router's chains are those of a cluster without any.
 *  - wireguard-native is accepted and makes no interface.
 *  - Client certificates of agents are made by the server with their keys; nothing is rotated or encrypted at rest.
 *  - kubectl knows `-o go-template` as far as go-template.ts says.
 *  - READY is told to the lab's systemctl by a file, not by a datagram.
 *  - The words of joining errors are k3s's where a source was at hand; that of a down-level server is so only in part.
 *
 * Wrong on purpose when /etc/k3s-lab/flaws says so: see flaws.ts.
 */
import { basename } from 'node:path'
import { runPod } from './agent/pod-process.ts'
import { startAgent } from './agent/start-agent.ts'
import { certificateCommand } from './certificate-command.ts'
import { checkConfig } from './check-config.ts'
import { agentConfig } from './config/agent-config.ts'
import { agentFlags, serverFlags } from './config/flag-tables.ts'
import { readArguments } from './config/read-arguments.ts'
import { readSecretFile } from './config/read-secret-file.ts'
import { serverConfig } from './config/server-config.ts'
import { kubectl } from './kubectl/kubectl.ts'
import { log } from './log.ts'
import { startServer } from './server/start-server.ts'
import { tokenCommand } from './token-command.ts'
import { version } from './version.ts'

const [, program = '', ...argv] = process.argv
const [command = '', ...rest] = basename(program) === 'kubectl' ? ['kubectl', ...argv] : argv

main().catch((error: Error) =>
  log.fatal(command === 'server' || command === 'agent' ? `Error: ${error.message}` : error.message),
)

async function main(): Promise<void> {
  switch (command) {
    case 'server':
      return server()
    case 'agent':
      return agent()
    case 'kubectl':
      process.exitCode = await kubectl(rest)
      return
    case 'token':
      return tokenCommand(rest)
    case 'certificate':
      process.exitCode = certificateCommand(rest)
      return
    case 'check-config':
      process.exitCode = checkConfig()
      return
    case 'pod':
      return runPod(rest)
    case '--version':
    case '-v':
      process.stdout.write(`k3s version ${version} (24fc436e)\ngo version go1.24.6\n`)
      return
    default:
      process.stderr.write(`No help topic for '${command}'\n`)
      process.exitCode = 3
  }
}

async function server(): Promise<void> {
  const config = await serverConfig(readArguments(rest, serverFlags))
  const local = await startServer(config)
  if (!config.options.bool('disable-agent')) await startAgent(config.agent, local, true)
}

async function agent(): Promise<void> {
  const options = readArguments(rest, agentFlags)
  const config = agentConfig(options)
  const file = options.string('token-file')
  const token = file === '' ? options.string('token') : await readSecretFile(file)
  const url = options.string('server')
  if (token === '') throw new Error('--token is required')
  if (url === '') throw new Error('--server is required')
  if (!url.startsWith('https://')) throw new Error(`only https:// URLs are supported, invalid scheme: ${url}`)
  await startAgent(config, { url, token })
}
