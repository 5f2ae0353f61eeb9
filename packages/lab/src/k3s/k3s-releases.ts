import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Host } from '../host.ts'
import type { HostProcess } from '../host-process.ts'
import type { Lab } from '../lab.ts'
import { createAuthority, type KeyPair, sign } from './binary/certificates.ts'
import { k3sProgram } from './k3s-program.ts'

export type ReleasesOptions = {
  /** The first is what the channels `stable` and `latest` name. */
  versions?: string[]
  name?: string
  address?: string
}

export const K3S_VERSION = 'v1.34.1+k3s1'

const NAMES = ['get.k3s.io', 'update.k3s.io', 'github.com']
const FILES = '/srv/k3s'
const SERVER = new URL('./release-server.mjs', import.meta.url)
const INSTALLER = readFileSync(new URL('./install.sh', import.meta.url))

/**
 * Where k3s comes from: a public machine of the lab that is get.k3s.io, update.k3s.io and github.com to the hosts it is
 * introduced to, over TLS they trust. So `curl -sfL https://get.k3s.io | sh -` works there as it stands.
 */
export class K3sReleases {
  readonly installerUrl = 'https://get.k3s.io'
  readonly installerSha256 = createHash('sha256').update(INSTALLER).digest('hex')
  readonly host: Host
  readonly #authority: KeyPair
  #server: HostProcess | undefined

  private constructor(host: Host, authority: KeyPair) {
    this.host = host
    this.#authority = authority
  }

  static async create(lab: Lab, options: ReleasesOptions = {}): Promise<K3sReleases> {
    const { versions = [K3S_VERSION], name = 'get-k3s-io', address } = options
    const host = await lab.publicHost(name, { init: 'none', address })
    // Two authorities of one name, made in one second, would be taken for each other.
    const releases = new K3sReleases(host, await createAuthority(`${name}-root`))
    await releases.serveInstaller()
    for (const version of versions) await releases.publish(version)
    for (const channel of ['stable', 'latest']) await releases.setChannel(channel, versions[0] ?? K3S_VERSION)
    await releases.start()
    return releases
  }

  /** Tells a machine where those names are and whom to trust; it survives a reboot. The last one told is believed. */
  async introduce(host: Host): Promise<void> {
    const hosts = `${this.host.address} ${NAMES.join(' ')}`
    const bundle = '/etc/ssl/certs/ca-certificates.crt'
    const lines = `kept=$(grep -v '${NAMES[0]}' /etc/hosts); printf '%s\\n' "$kept" '${hosts}' > /etc/hosts; cat >> ${bundle}`
    await host.output(['sh', '-c', lines], { stdin: this.#authority.certificate })
  }

  async publish(version: string): Promise<void> {
    const { file, sha256 } = k3sProgram(version)
    await this.#putRelease(version, file, sha256)
  }

  async setChannel(channel: string, version: string): Promise<void> {
    await this.host.writeFile(`${FILES}/channels/${channel}`, `${version}\n`)
  }

  /** A program that is not what its published hash says. */
  async publishSpoilt(version: string): Promise<void> {
    const { file, sha256 } = k3sProgram(version)
    await this.#putRelease(version, Buffer.concat([file, Buffer.from('\n// spoilt on the way\n')]), sha256)
  }

  /** Without an argument the right one. Any other has another SHA-256. */
  async serveInstaller(text: string | Buffer = INSTALLER): Promise<void> {
    await this.host.writeFile(`${FILES}/install.sh`, text)
  }

  async start(): Promise<void> {
    const { certificate, key } = await sign(this.#authority, { commonName: NAMES[0] ?? '', names: NAMES })
    await this.host.writeFile(`${FILES}/tls.crt`, certificate)
    await this.host.writeFile(`${FILES}/tls.key`, key, 0o600)
    const argv = [process.execPath, '--input-type=module', '-e', readFileSync(SERVER, 'utf8'), '--']
    this.#server = this.host.spawn([...argv, `${FILES}/tls.crt`, `${FILES}/tls.key`, FILES])
    await this.#server.waitFor(/listening/)
  }

  async stop(): Promise<void> {
    await this.#server?.stop('SIGKILL')
  }

  async #putRelease(version: string, file: Buffer, sha256: string): Promise<void> {
    for (const [architecture, suffix] of [
      ['amd64', ''],
      ['arm64', '-arm64'],
    ]) {
      const at = `${FILES}/download/${version}`
      await this.host.writeFile(`${at}/k3s${suffix}`, file)
      await this.host.writeFile(`${at}/sha256sum-${architecture}.txt`, `${sha256}  k3s${suffix}\n`)
    }
  }
}
