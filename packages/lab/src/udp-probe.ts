import type { Host } from './host.ts'
import type { HostProcess } from './host-process.ts'

const node = (script: string, ...args: string[]) => [process.execPath, '-e', script, '--', ...args]

// Prints each datagram with who sent it, and answers "reflect" with the sender's address as it sees it.
const LISTEN = `
const [port] = process.argv.slice(1)
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (message, from) => {
  const seen = from.address + ':' + from.port
  console.log(seen + ' ' + message)
  if (String(message) === 'reflect') socket.send('seen ' + seen, from.port, from.address)
})
// Lines on standard input, "ADDRESS PORT TEXT", are sent from this very socket.
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const [address, port, text] = line.split(' ')
  socket.send(text, Number(port), address)
})
socket.bind(Number(port), () => console.log('bound'))`

const SEND = `
const [from, address, port, text] = process.argv.slice(1)
const socket = require('node:dgram').createSocket({ type: 'udp4', reuseAddr: true })
socket.bind(Number(from), () => socket.send(text, Number(port), address, () => socket.close()))`

export const REFLECTOR_PORT = 40_999

/** Single UDP datagrams, to see what a NAT does to them. */
export const udpProbe = {
  listen(host: Host, port: number): HostProcess {
    return host.spawn(node(LISTEN, String(port)))
  },

  /** Sends one datagram from a port, which another socket of ours may have open. */
  async send(host: Host, fromPort: number, address: string, port: number, text: string): Promise<void> {
    await host.output(node(SEND, String(fromPort), address, String(port), text))
  },

  /** Under which address and port a socket of a host appears at each of some public machines. */
  async seenFrom(host: Host, port: number, reflectors: readonly Host[], open?: HostProcess): Promise<string[]> {
    await using own = open ? undefined : udpProbe.listen(host, port)
    const socket = open ?? own!
    await socket.waitFor(/bound/)
    const seen: string[] = []
    for (const reflector of reflectors) {
      await using reflecting = udpProbe.listen(reflector, REFLECTOR_PORT)
      await reflecting.waitFor(/bound/)
      socket.write(`${reflector.address} ${REFLECTOR_PORT} reflect\n`)
      seen.push((await reflecting.waitFor(/^(\S+) reflect$/m))[1] ?? '')
    }
    return seen
  },
}
