// get.k3s.io, update.k3s.io and github.com of the lab, in one: serves the files of a directory over TLS, read anew at each
// request, and sends channels on to the release they name. Run inside a host by `node -e`.
//   CERTIFICATE KEY DIRECTORY
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join, normalize } from 'node:path'

const [certificate, key, directory] = process.argv.slice(1)

createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  const path = normalize(new URL(request.url, 'https://lab').pathname)
  const channel = /^\/v1-release\/channels\/([\w.-]+)$/.exec(path)?.[1]
  try {
    if (channel) {
      const version = readFileSync(join(directory, 'channels', channel), 'utf8').trim()
      response.writeHead(302, { location: `https://github.com/k3s-io/k3s/releases/tag/${version}` }).end()
    } else if (path.startsWith('/k3s-io/k3s/releases/tag/')) response.end('a release\n')
    else {
      const file = path === '/' ? 'install.sh' : path.replace('/k3s-io/k3s/releases/download/', 'download/')
      response.end(readFileSync(join(directory, file)))
    }
  } catch {
    response.writeHead(404).end('404 page not found\n')
  }
}).listen(443, () => console.log('listening'))
