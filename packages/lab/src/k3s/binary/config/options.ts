import type { Kind } from './flag-tables.ts'

/** What was set, by flag; the last one wins where a flag takes one value. */
export class Options {
  readonly #values: Map<string, string[]>
  readonly #kinds: Record<string, { kind: Kind }>

  constructor(values: Map<string, string[]>, kinds: Record<string, { kind: Kind }>) {
    this.#values = values
    this.#kinds = kinds
  }

  string(name: string, otherwise = ''): string {
    const last = this.#known(name)?.at(-1)
    return last === undefined || last === '' ? otherwise : last
  }

  /** k3s splits the values of nearly all lists at commas (util.SplitStringSlice). */
  list(name: string): string[] {
    return (this.#known(name) ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '')
  }

  /** Arguments for components, labels and taints are taken whole. */
  whole(name: string): string[] {
    return this.#known(name) ?? []
  }

  bool(name: string, otherwise = false): boolean {
    const last = this.#known(name)?.at(-1)
    return last === undefined ? otherwise : last === 'true'
  }

  int(name: string, otherwise: number): number {
    const last = this.#known(name)?.at(-1)
    return last === undefined ? otherwise : Number(last)
  }

  /** A value out of `kubelet-arg: [name=value]` and the like. */
  component(flag: string, name: string): string | undefined {
    return this.whole(flag)
      .findLast((each) => each.split('=')[0] === name)
      ?.replace(/^[^=]*=?/, '')
  }

  /** For k3s.io/node-args, secrets blotted out. */
  args(): string[] {
    return [...this.#values].flatMap(([name, values]) =>
      values.flatMap((value) => [`--${name}`, /token|key|endpoint$/.test(name) ? '********' : value]),
    )
  }

  #known(name: string): string[] | undefined {
    if (!(name in this.#kinds)) return undefined
    return this.#values.get(name)
  }
}
