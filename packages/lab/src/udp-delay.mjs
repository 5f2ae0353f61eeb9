// Hands datagrams on between whoever sends to a port and one far end, each a while later: a long way where the kernel has no
// netem. Arguments: port, far address, far port, milliseconds for each direction. Ends with its standard input.
import { createSocket } from 'node:dgram'

const [port, address, farPort, delay] = process.argv.slice(-4)
const near = createSocket('udp4')
const ways = new Map()

near.on('message', (message, from) => {
  const key = `${from.address} ${from.port}`
  if (!ways.has(key)) ways.set(key, wayBack(from))
  setTimeout(() => ways.get(key).send(message, Number(farPort), address), Number(delay))
})
near.bind(Number(port), () => console.log('listening'))
process.stdin.on('end', () => process.exit()).resume()

function wayBack(to) {
  const far = createSocket('udp4')
  far.on('message', (message) => setTimeout(() => near.send(message, to.port, to.address), Number(delay)))
  return far
}
