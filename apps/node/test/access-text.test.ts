import { readFileSync } from 'node:fs'
import { run } from '@spanwire/lab/run'
import { shellNames, shells } from '@spanwire/lab/shells'
import { parsePolicy } from '@spanwire/mesh/protocol/parse-policy'
import { describe, expect, test } from 'vitest'
import { accessFile, accessText, scriptText } from './script-file.ts'

test('the part for access is at most 32 KiB', () => {
  expect(Buffer.byteLength(accessText)).toBeLessThanOrEqual(32_768)
})

test('its last line calls main, and nothing else does', () => {
  expect(accessText.endsWith('\nmain "$@"\n')).toBe(true)
  expect(accessText.match(/^[ \t]*main\b(?!\(\))/gm)).toEqual(['main'])
})

test('shellcheck has nothing to say about it as POSIX sh', async () => {
  expect(await run(['shellcheck', '-s', 'sh', accessFile])).toEqual({ code: 0, stdout: '', stderr: '' })
})

test('it takes words from the core and defines none of them anew', () => {
  const names = (text: string) => [...text.matchAll(/^([a-z_0-9]+)\(\) [{(]/gm)].map(([, name]) => name)
  const core = new Set(names(scriptText))
  expect(names(accessText).filter((name) => name !== 'main' && core.has(name))).toEqual([])
  for (const word of ['say', 'only', 'holder', 'alive', 'enforce', 'wake', 'detach', 'run', 'now'])
    expect(core).toContain(word)
})

describe.each(shellNames)('in %s', (shell) => {
  test('it parses without a word', async () => {
    expect(await run([...shells[shell], '-n', accessFile])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  test('what nft prints is read in the order of each of its versions, and the server understands what is made of it', async () => {
    const functions = accessText.slice(0, -'main "$@"\n'.length)
    const script = `${functions}\ncounted <<'END'\n${COUNTERS}${DROPS}END\n`
    const { stdout, stderr } = await run([...shells[shell], '-c', script])
    expect(stderr).toBe('')
    const said = parsePolicy(stdout)
    expect([...(said?.rules ?? [])]).toEqual([
      [3, 41],
      [12, 0],
    ])
    const pair = { source: '10.77.0.4', destination: '10.77.0.9', protocol: 6 }
    expect(said?.drops).toEqual([
      { ...pair, port: 5432, packets: 41 },
      { source: 'fd12:3456:789a::4', destination: 'fd12:3456:789a::9', protocol: 58, port: null, packets: 5 },
      { ...pair, port: 22, packets: 2 },
    ])
  })
})

test('the golden block of a report is in words that it says', () => {
  const golden = readFileSync(new URL('../../../packages/mesh/src/protocol/golden/policy.txt', import.meta.url), 'utf8')
  for (const word of new Set(golden.match(/^[a-z]+/gm))) expect(accessText).toMatch(new RegExp(`["'^/]${word}\\b`))
})

const COUNTERS = `table inet spanwire {
	counter rule_3 {
		packets 41 bytes 9876
	}
	counter rule_12 {
		packets 0 bytes 0
	}
	counter others {
		packets 7 bytes 7
	}
}
`
/** nft 1.0.6 writes the counter first, 0.9 and 1.1 what is left of its time; one that timed out is there with nothing counted. */
const DROPS = `table inet spanwire {
	set dropped_v4 {
		type ipv4_addr . ipv4_addr . inet_proto . inet_service
		size 1024
		flags dynamic,timeout
		timeout 3600s
		elements = { 10.77.0.4 . 10.77.0.9 . 6 . 5432 counter packets 41 bytes 2460 expires 3599s,
			     10.77.0.4 . 10.77.0.9 . 6 . 22 timeout 3600s expires 3600s counter packets 2 bytes 120,
			     10.77.0.4 . 10.77.0.9 . 6 . 23 counter packets 0 bytes 0 expires 1s }
	}
}
table inet spanwire {
	set dropped_other_v6 {
		type ipv6_addr . ipv6_addr . inet_proto
		flags dynamic,timeout
		elements = { fd12:3456:789a::4 . fd12:3456:789a::9 . 58 counter packets 5 bytes 520 expires 3599s }
	}
	set ports_1_v4 {
		type ipv4_addr . inet_proto . inet_service
		flags interval
		elements = { 10.77.0.2 . 6 . 5432,
			     10.77.0.2 . 6 . 8000-8100 }
	}
	set silent_v4 {
		type ipv4_addr . ipv4_addr . inet_service . inet_service
		elements = { 10.77.0.4 . 10.77.0.9 . 7946 . 7946 expires 3m }
	}
	chain judge {
		ip saddr @from_1_v4 ip daddr . meta l4proto . th dport @ports_1_v4 counter name "rule_3" accept
		counter packets 99 bytes 99 drop comment "denied"
	}
}
`
