// Runs in the Internet of a lab and hands what comes to a port on to a Unix socket, behind which the test's server listens:
// so a test needs no network of its own. Reads paths of sockets, prints a port for each.
import { connect, createServer } from 'node:net'
import { createInterface } from 'node:readline'

const host = process.argv[2]
for await (const path of createInterface({ input: process.stdin })) {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ path, allowHalfOpen: true })
    // A server that is away is a connection that breaks, as behind a load balancer.
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.pipe(other)
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise((resolve) => server.listen(0, host, resolve))
  console.log(server.address().port)
}
process.exit()
