/** k3s logs in logrus's text form, to standard error; systemd keeps it as the unit's journal. */
export const log = {
  info: (message: string) => write('info', message),
  warn: (message: string) => write('warning', message),
  error: (message: string) => write('error', message),
  /** Ends the process, as logrus's Fatal does. */
  fatal(message: string): never {
    write('fatal', message)
    process.exit(1)
  },
}

function write(level: string, message: string): void {
  const time = `${new Date().toISOString().slice(0, 19)}Z`
  const quoted = /^[\w./:-]+$/.test(message) ? message : JSON.stringify(message)
  process.stderr.write(`time="${time}" level=${level} msg=${quoted}\n`)
}
