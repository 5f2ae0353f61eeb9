import { readFileSync } from 'node:fs'
import type { Host } from './host.ts'

/** See the head of the file: it does for real unit files what systemd would, as far as a host needs it. */
export const SYSTEMCTL = readFileSync(new URL('./host-systemctl.sh', import.meta.url), 'utf8')

/** Reads what `unitLog` says: `journalctl -u UNIT`, with -n; its other options are taken and change nothing. */
export const JOURNALCTL = `#!/bin/sh
count=+1 unit=''
while [ $# -gt 0 ]; do
  case $1 in
    -u|--unit) unit=$2; shift ;;
    -u*) unit=\${1#-u} ;;
    --unit=*) unit=\${1#*=} ;;
    -n|--lines) count=$2; shift ;;
    -n*) count=\${1#-n} ;;
    --lines=*) count=\${1#*=} ;;
    -o|--output|-S|--since|-U|--until|-p) shift ;;
  esac
  shift
done
[ -n "$unit" ] || exit 0
tail -n "$count" "/var/log/units/\${unit%.service}.service.log" 2> /dev/null || echo '-- No entries --'
`

/** Starts what is enabled, without waiting for it, as a boot does. The units are the host's own, never this machine's. */
export async function bootSystemd(host: Host): Promise<void> {
  await host.output(`[ -e /etc/systemd/.lab ] || { rm -rf /etc/systemd && mkdir -p /etc/systemd/system && : > /etc/systemd/.lab; }
mkdir -p /run/systemd/system /run/systemd/lab
setsid systemctl _boot < /dev/null > /run/systemd/lab/boot.log 2>&1 &`)
}

export function unitLog(unit: string): string {
  return `/var/log/units/${unit.replace(/\.service$/, '')}.service.log`
}
