import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const scriptFile = fileURLToPath(new URL('../spanwire.sh', import.meta.url))
export const scriptText = readFileSync(scriptFile, 'utf8')
/** The script's part for k3s. */
export const partFile = fileURLToPath(new URL('../k3s.sh', import.meta.url))
export const partText = readFileSync(partFile, 'utf8')
/** The script's part for access. */
export const accessFile = fileURLToPath(new URL('../access.sh', import.meta.url))
export const accessText = readFileSync(accessFile, 'utf8')
/** The script's part for paths. */
export const pathsFile = fileURLToPath(new URL('../paths.sh', import.meta.url))
export const pathsText = readFileSync(pathsFile, 'utf8')
/** The script's part for keys. */
export const keysFile = fileURLToPath(new URL('../keys.sh', import.meta.url))
export const keysText = readFileSync(keysFile, 'utf8')
/** The script's part for deltas. */
export const deltaFile = fileURLToPath(new URL('../delta.sh', import.meta.url))
export const deltaText = readFileSync(deltaFile, 'utf8')
/** The script's part for `spanwire status`. */
export const statusFile = fileURLToPath(new URL('../status.sh', import.meta.url))
export const statusText = readFileSync(statusFile, 'utf8')
const LAST_LINE = 'main "$@"\n'

/** All of the script but the call of `main`: to ask one of its functions by itself, as `sh` sees them. */
export const functionsOnly = scriptText.slice(0, -LAST_LINE.length)

/** A later script: the same with more lines before the last, which may redefine its functions. */
export function scriptWith(lines: string, text = scriptText): string {
  return `${text.slice(0, -LAST_LINE.length)}${lines}\n${LAST_LINE}`
}
