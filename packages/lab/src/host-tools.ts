/**
 * Programs put into a host's private /usr/local/bin because this machine lacks them, or because the real ones would act on
 * this machine: name → text.
 */
export const HOST_TOOLS: Record<string, string> = {
  // Lines are pasted with sudo in them; everybody in a host is root already.
  sudo: `#!/bin/sh
while :; do
  case \${1-} in
    --) shift; break ;;
    -u|-g|-h|-p|-C|-r|-t) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
exec env "$@"
`,
}

/**
 * A wall clock that is wrong by some seconds, for everything that asks `date`, as shell scripts do. The machine's real clock
 * cannot differ between namespaces, so wireguard-go, curl and handshake times keep the true one: that is the mix a script
 * meets in the minutes after a step.
 */
export function wrongDate(seconds: number): string {
  return `#!/bin/sh
# The clock of this host is wrong by ${seconds} s.
for argument do
  case $argument in
    -s|--set|--set=*) echo "date: this host's clock is set by the lab" >&2; exit 1 ;;
    -d|--date|--date=*|-r|--reference|--reference=*|-f|--file|--file=*) exec /usr/bin/date "$@" ;;
  esac
done
now=$(/usr/bin/date +%s.%N)
exec /usr/bin/date -d "@$((\${now%.*} + ${seconds})).\${now#*.}" "$@"
`
}
