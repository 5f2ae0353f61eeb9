import { readFile } from 'node:fs/promises'
import type { ReadStream } from 'node:tty'
import { Stop } from '../stop.ts'

/** The first line of the file or of standard input; from a terminal it is asked for twice, without echo. */
export async function readSecret(what: string, file: string | undefined): Promise<string> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new Stop(`${file} cannot be read (${error.code}).`)
    })
    return firstLine(text, file)
  }
  if (!process.stdin.isTTY) {
    let text = ''
    for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk
    return firstLine(text, 'standard input')
  }
  const first = await ask(process.stdin, `${what}: `)
  if (first !== (await ask(process.stdin, 'Again: '))) throw new Stop('The two are not the same: nothing was done.')
  return first
}

function firstLine(text: string, where: string): string {
  const line = text.split(/\r?\n/)[0] ?? ''
  if (line === '') throw new Stop(`There is no password in ${where}: give it as its first line.`)
  return line
}

/** Raw mode: the terminal neither shows nor edits, so the two keys that matter are handled here. */
async function ask(terminal: ReadStream, prompt: string): Promise<string> {
  process.stderr.write(prompt)
  terminal.setRawMode(true).setEncoding('utf8').resume()
  let typed = ''
  try {
    return await new Promise<string>((resolve, reject) => {
      const read = (keys: string) => {
        for (const key of keys) {
          if (key === '\r' || key === '\n' || key === '\u0004') {
            terminal.off('data', read)
            return resolve(typed)
          }
          if (key === '\u0003') {
            terminal.off('data', read)
            return reject(new Stop('Given up: nothing was done.'))
          }
          typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key
        }
      }
      terminal.on('data', read)
    })
  } finally {
    terminal.setRawMode(false).pause()
    process.stderr.write('\n')
  }
}
