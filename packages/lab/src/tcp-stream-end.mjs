// One end of a TCP stream, run inside a host by `node -e`, so that it needs no file there.
//   receive PORT GAP_MS        counts what arrives and how long nothing did
//   send ADDRESS PORT KBPS     sends at a steady rate
// Both print one JSON object a line.
import net from 'node:net'

const [role, ...rest] = process.argv.slice(1)
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)
const since = process.hrtime.bigint()
const nowMs = () => Number((process.hrtime.bigint() - since) / 1_000_000n)

if (role === 'receive') {
  const [port, gapMs] = rest.map(Number)
  const server = net.createServer((socket) => {
    let bytes = 0
    let last = nowMs()
    let longestGapMs = 0
    const gaps = []
    socket.on('data', (chunk) => {
      const gap = nowMs() - last
      last += gap
      bytes += chunk.length
      longestGapMs = Math.max(longestGapMs, gap)
      if (gap >= gapMs) gaps.push({ atMs: last, lastedMs: gap })
    })
    const report = (ended) => say({ bytes, longestGapMs, gaps, silentMs: nowMs() - last, ended })
    const timer = setInterval(() => report(''), 100)
    const end = (why) => {
      clearInterval(timer)
      report(why)
      server.close()
    }
    socket.on('end', () => end('closed'))
    socket.on('error', (error) => end(error.message))
  })
  server.listen(port, () => say({ listening: port }))
} else {
  const [address, port, kilobytesPerSecond] = rest
  const socket = net.connect(Number(port), address)
  const chunk = Buffer.alloc(Math.max(1, Math.round(Number(kilobytesPerSecond) * 1024 * 0.02)), 'spanwire')
  let sent = 0
  socket.on('connect', () => {
    say({ connected: address })
    setInterval(() => {
      if (socket.writableLength > 1 << 20) return
      socket.write(chunk)
      sent += chunk.length
    }, 20)
  })
  socket.on('error', (error) => {
    say({ failed: error.message, sent })
    process.exit(1)
  })
  process.stdin.resume()
  process.stdin.on('end', () => {
    socket.end()
    socket.on('close', () => process.exit(0))
  })
}
