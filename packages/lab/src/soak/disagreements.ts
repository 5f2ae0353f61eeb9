import type { PathsWorld } from '../story/paths-world.ts'
import type { Cut } from './choose-cuts.ts'
import { truth } from './truth.ts'

type Look = { readonly reached: ReadonlySet<string>; readonly ways: ReadonlyMap<string, string> }

/**
 * Where machines, server and lab do not agree, one sentence each: who reaches whom by ping both ways, whether the matrix says so, and
 * whether it calls direct what both machines send directly.
 */
export async function disagreements(net: PathsWorld, cuts: readonly Cut[]): Promise<string[]> {
  const on = net.names.filter((name) => net.host(name).poweredOn)
  const looks = new Map(await Promise.all(on.map(async (name) => [name, await look(net, name)] as const)))
  const matrix = await net.matrix()
  return net.names.flatMap((one, i) => net.names.slice(i + 1).flatMap((other) => ofPair(one, other)))

  function ofPair(one: string, other: string): string[] {
    const { reach, heard } = truth(cuts, one, other)
    const [there, back] = [looks.get(one), looks.get(other)]
    const said: string[] = []
    for (const [from, to, seen] of [
      [one, other, there],
      [other, one, back],
    ] as const)
      if (seen && seen.reached.has(net.address(to)) !== reach)
        said.push(`${from} ${reach ? 'does not reach' : 'reaches'} ${to}`)
    const cell = matrix(one, other)
    if (!cell) return [...said, `the matrix has no cell for ${one} and ${other}`]
    if (heard && (cell.status === 'up') !== reach)
      said.push(`the matrix says of ${one} and ${other}: ${cell.kind}, ${cell.status}`)
    const direct = [there?.ways.get(other), back?.ways.get(one)].map((way) => way === 'span0d')
    if (heard && reach && direct[0] === direct[1] && direct[0] !== (cell.kind === 'direct' || cell.kind === 'lan'))
      said.push(`the matrix calls ${one} to ${other} ${cell.kind}, and both ${direct[0] ? '' : 'do not '}go directly`)
    return said
  }
}

/** Whom it reaches by one ping of three, all at once, and what it says of its ways. */
async function look(net: PathsWorld, name: string): Promise<Look> {
  const others = net.names.filter((each) => each !== name).map((each) => net.address(each))
  const { stdout } = await net.host(name).exec(
    `for to in ${others.join(' ')}; do
  { ping -n -c 3 -i 0.5 -W 2 $to | grep -q ' ttl=' && echo "reached $to"; } &
done
wait
sed 's/^/way /' /run/spanwire/ways/chosen`,
    { timeoutMs: 60_000 },
  )
  const words = stdout.split('\n').map((line) => line.split(' '))
  return {
    reached: new Set(words.flatMap(([word, to = '']) => (word === 'reached' ? [to] : []))),
    ways: new Map(
      words.flatMap(([word, to = '', way = '']) => (word === 'way' ? [[to, way.replace(/:.*/, '')] as const] : [])),
    ),
  }
}
