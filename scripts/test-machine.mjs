// What the tests need of the machine: Debian's packages are installed where they are missing; what a person must do is said.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { command, one } from './test-command.mjs'

/** What the lab and the browser tests need, by the Debian package that has it. */
const tools = {
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
  nft: 'nftables',
  iptables: 'iptables',
  ip: 'iproute2',
  chromium: 'chromium',
  shellcheck: 'shellcheck',
  busybox: 'busybox',
  ping: 'iputils-ping',
  curl: 'curl',
}

export async function machine() {
  const problems = []
  if (process.getuid?.() !== 0)
    problems.push(
      'The lab makes network namespaces, which needs root: run `sudo npm test`, or only the steps without it.',
    )
  if (!existsSync('/dev/net/tun'))
    problems.push(
      '/dev/net/tun is missing and wireguard-go needs it: `modprobe tun`, or give the container --device /dev/net/tun.',
    )
  const missing = () => Object.keys(tools).filter((tool) => !onPath(tool))
  if (missing().length > 0 && onPath('apt-get') && process.getuid?.() === 0) {
    const packages = missing().map((tool) => tools[tool])
    console.log(`installing ${packages.join(' ')}`)
    const apt = { environment: { DEBIAN_FRONTEND: 'noninteractive' } }
    await command('apt-get', ['update', '-q'], apt)
    await command('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], apt)
  }
  for (const tool of missing()) problems.push(`${tool} is missing: install the package ${tools[tool]}.`)
  for (const problem of problems) console.error(problem)
  return one(problems.length === 0, problems.join('\n'))
}

function onPath(tool) {
  const folders = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`.split(':')
  return folders.some((folder) => existsSync(join(folder, tool)))
}
