import { run } from '@spanwire/lab/run'
import { shellNames, shells } from '@spanwire/lab/shells'
import { clusterFailureFix } from '@spanwire/mesh/cluster/cluster-failure-fix'
import { CLUSTER_STEP_NAMES } from '@spanwire/mesh/cluster/cluster-steps'
import { CONFIG_PATH, REGISTRIES_PATH, SECRETS_PATH, TOKEN_PATH } from '@spanwire/mesh/cluster/k3s-paths'
import { NODE_STATUS_TEMPLATE } from '@spanwire/mesh/cluster/node-status'
import { PREFLIGHT_CODES } from '@spanwire/mesh/cluster/preflight-codes'
import { REQUESTS } from '@spanwire/mesh/protocol/request-kinds'
import { expect, test } from 'vitest'
import { partFile, partText, scriptText } from './script-file.ts'

test('the part for k3s is at most 32 KiB', () => {
  expect(Buffer.byteLength(partText)).toBeLessThanOrEqual(32_768)
})

test('its last line calls main, and nothing else does', () => {
  expect(partText.endsWith('\nmain "$@"\n')).toBe(true)
  expect(partText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
})

test.each(shellNames)('%s parses it without a word', async (shell) => {
  expect(await run([...shells[shell], '-n', partFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('shellcheck has nothing to say about it as POSIX sh', async () => {
  expect(await run(['shellcheck', '-s', 'sh', partFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('it takes words from the core and defines none of them anew', () => {
  const names = (text: string) => [...text.matchAll(/^([a-z_0-9]+)\(\) [{(]/gm)].map(([, name]) => name)
  const core = new Set(names(scriptText))
  expect(names(partText).filter((name) => name !== 'main' && core.has(name))).toEqual([])
  for (const word of [
    'say',
    'begin',
    'finish',
    'step',
    'post',
    'block',
    'server',
    'only',
    'holder',
    'walk_xtables',
    'walk_nft',
  ])
    expect(core).toContain(word)
})

test('it asks for the nodes by the template that the parser is written for', () => {
  expect(partText).toContain(`NODES='${NODE_STATUS_TEMPLATE.replaceAll('\n', '\\n')}'`)
})

test('each code of a failure has a fix on the page, and each step is one of the ledger', () => {
  const stops = [...partText.matchAll(/\bstopped ([a-z][a-z-]+) /g)].map(([, code]) => code ?? '')
  expect(stops.length).toBeGreaterThan(8)
  for (const code of stops)
    expect([code, clusterFailureFix(code)]).not.toEqual([code, clusterFailureFix('no-such-code')])
  const [findings = ''] = /\nfindings\(\) \{[\s\S]*?\n\}/.exec(partText) ?? []
  const found = [...findings.matchAll(/(?:echo ['"]|print ")([a-z-]+) /g)].map(([, code]) => code)
  expect(found.length).toBeGreaterThan(6)
  for (const code of found) expect(Object.keys(PREFLIGHT_CODES)).toContain(code)
  const steps = [...partText.matchAll(/\benter ([a-z0-9-]+)/g)].map(([, step]) => step)
  expect(new Set(steps)).toEqual(new Set(['api-reachable', 'k3s-installed', 'registered', 'pod-range']))
  for (const step of steps) expect(CLUSTER_STEP_NAMES).toContain(step)
})

test('it knows every request that the server may send', () => {
  for (const [kind, rule] of Object.entries(REQUESTS)) {
    const count = 'more' in rule ? '?*' : rule.args.length + 1
    expect(partText).toContain(`\n\t\t${kind}:${count}) `)
  }
})

test('it writes where the rules say that the files are', () => {
  for (const path of [CONFIG_PATH, SECRETS_PATH, TOKEN_PATH, REGISTRIES_PATH])
    expect(partText).toContain(path.replace('/etc/rancher/k3s', '$ETC'))
})

test.each(shellNames)(
  'in %s it finds that pods are rejected, though the overlay and the port of WireGuard are let in',
  async (shell) => {
    const functionIn = (text: string, name: string) =>
      new RegExp(`^${name}\\(\\) \\{[\\s\\S]*?\\n\\}`, 'm').exec(text)?.[0]
    const rejected = async (...accepts: string[]) => {
      const rules = accepts.map((rule, i) => `\t\t${rule} accept comment "spanwire" # handle ${i + 9}\n`).join('')
      const script = `${functionIn(scriptText, 'walk_nft')}
${functionIn(partText, 'pods_rejected')}
q() { "$@" 2>/dev/null; }; want() { echo host-gw; }; overlay_face() { echo span0; }; iptables() { false; }; ip6tables() { false; }
nft() { cat <<'END'
table inet firewalld { # handle 3
	chain filter_INPUT { # handle 1
		type filter hook input priority filter + 10; policy accept;
${rules}		iifname "lo" accept # handle 5
		reject with icmpx admin-prohibited # handle 6
	}
}
END
}
S=/tmp; pods_rejected`
      const { stdout, stderr } = await run([...shells[shell], '-c', script])
      expect(stderr).toBe('')
      return stdout
    }
    const found = 'INPUT|iifname "cni0*"|nft inet firewalld filter_INPUT|reject with icmpx admin-prohibited\n'
    expect(await rejected()).toBe(found)
    expect(await rejected('udp dport 51820', 'iifname "span0*"')).toBe(found)
    expect(await rejected('iifname "cni0*"', 'udp dport 51820', 'iifname "span0*"')).toBe('')
  },
)
