import { type Door, openDoor } from './door.ts'

export type ServerAddress = { readonly url: string; readonly pin: string | null }

/** Each server of a fleet has one door, whichever of its nodes asks for it. */
export class Doors {
  readonly #open = new Map<string, Promise<Door>>()

  to({ url, pin }: ServerAddress): Promise<Door> {
    const key = `${url} ${pin ?? '-'}`
    const known = this.#open.get(key)
    if (known) return known
    const door = openDoor(url, pin)
    this.#open.set(key, door)
    // A server that could not be asked for its certificate is asked again the next time.
    door.catch(() => this.#open.delete(key))
    return door
  }

  async close(): Promise<void> {
    for (const door of this.#open.values()) (await door.catch(() => null))?.close()
    this.#open.clear()
  }
}
