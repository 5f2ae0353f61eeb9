import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Measurement, median } from './measurement.ts'
import { sampleKey } from './sample-key.ts'
import type { Stage } from './stage.ts'

const PEERS = 5_000
const DELTA = fileURLToPath(new URL('../apps/node/delta.sh', import.meta.url))
const ROUNDS = 7
/** A peer that is not among them. */
const NEWCOMER = 900_000

/**
 * One peer more on an interface with 5,000, by the script's own part and by `wg syncconf` of all: wireguard-go in a network namespace of its
 * own, which ends with this. Milliseconds that the shell needs, from the call to its end.
 */
export async function applyDelta5000(stage: Stage): Promise<Measurement> {
  stage.say(`one peer changes on an interface with ${PEERS}`)
  const printed = execFileSync(
    'unshare',
    ['--net', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-euc', RUN, 'sh', DELTA],
    {
      encoding: 'utf8',
      input: `${conf(PEERS)}end\n${conf(PEERS, NEWCOMER)}`,
      maxBuffer: 1 << 24,
    },
  )
  const times = (kind: string) =>
    [...printed.matchAll(new RegExp(`^${kind} (\\d+)$`, 'gm'))].map(([, nanoseconds]) => Number(nanoseconds) / 1e6)
  const set = times('set')
  stage.say(`wg alone, with one peer to set: ${median(set).toFixed(1)} ms`)
  return { value: median(times('delta')), unit: 'ms', reference: median(times('syncconf')) }
}

/** With and without the newcomer in turn; `port` shows that syncconf is what opens it anew. */
const RUN = `
mount -t tmpfs none /run
mount -t sysfs none /sys
mkdir -p /run/spanwire /run/wireguard
cd /run/spanwire
ip link set lo up
awk '/^end$/ { n++; next } { print >("conf." 1 + n) }'
wireguard-go span0 >/dev/null 2>&1
key=$(wg genkey)
for file in conf.1 conf.2; do { printf '[Interface]\\nFwMark = 0x3700\\nListenPort = 51820\\nPrivateKey = %s\\n' "$key"; cat $file; } >$file.whole; done
wg syncconf span0 conf.1.whole
sh "$1" peers span0 conf.1.whole
clock() { date +%s%N; }
timed() { kind=$1; shift; begun=$(clock); "$@"; echo "$kind $(($(clock) - begun))"; }
newcomer=$(awk 'NR == FNR { if ($1 == "PublicKey") had[$3]; next } $1 == "PublicKey" && !($3 in had) { print $3 }' conf.1 conf.2)
for round in $(seq ${ROUNDS}); do
  timed delta sh "$1" peers span0 conf.2.whole /new
  [ "$(wg show span0 peers | wc -l)" = ${PEERS + 1} ]
  timed delta sh "$1" peers span0 conf.1.whole /new
  [ "$(wg show span0 peers | wc -l)" = ${PEERS} ]
  timed set wg set span0 peer "$newcomer" allowed-ips 10.200.0.1/32 persistent-keepalive 25
  timed set wg set span0 peer "$newcomer" remove
  timed syncconf wg syncconf span0 conf.2.whole
  timed syncconf wg syncconf span0 conf.1.whole
done
`

function conf(count: number, more?: number): string {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return (more === undefined ? numbers : [...numbers, more])
    .map((number) => ({ key: sampleKey(number), number }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(
      ({ key, number }) =>
        `[Peer]\nPublicKey = ${key}\nAllowedIPs = 10.${64 + ((number >> 16) & 63)}.${(number >> 8) & 255}.${number & 255}/32\nPersistentKeepalive = 25\n`,
    )
    .join('\n')
}
