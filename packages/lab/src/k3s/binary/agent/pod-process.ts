/** The process in a pod. `k3s pod NAMESPACE NAME NODE ADDRESS PORTS [COMMAND …]`, started by running-pod.ts. */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'

export function runPod([namespace = '', name = '', node = '', address = '', ports = '', ...command]: string[]): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
  if (command.length > 0) {
    const [program = '', ...args] = command
    const child = spawn(program, args, { stdio: 'inherit' })
    const end = (code: number) => {
      console.log(`exited ${code}`)
      process.exit(code)
    }
    child.on('error', () => end(127))
    child.on('exit', (code) => end(code ?? 137))
    return
  }
  // It says who it is and who asked: the client's address as it arrived.
  for (const port of ports.split(',').map(Number)) {
    const server = createServer((request, response) => {
      const client = request.socket.remoteAddress?.replace(/^::ffff:/, '')
      response.setHeader('content-type', 'application/json')
      response.end(`${JSON.stringify({ pod: name, namespace, node, address, client })}\n`)
    })
    server.on('error', (error) => console.log(error.message))
    server.listen(port, () => console.log(`listening on ${port}`))
  }
}
