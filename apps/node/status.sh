#!/bin/sh
# Spanwire's part for `spanwire status` on a node: what stands under the line of the core (spanwire.sh), out of the tables that the core and
# the part for paths (paths.sh) keep in the core's working directory. Called by the core; it changes nothing, and has no process that stays.
# Unquoted are our own words and numbers: no space and no pattern in them.
# shellcheck disable=SC2016,SC2046,SC2086

{ # run only when whole: a download cut short does nothing

# The way of each destination, since when and why, and the gateways. Times of the day, since nobody knows when it is read.
ways() {
	[ -s ways/is/settings ] && [ -e ways/chosen ] || return 0
	set -- $(date '+%s %z')
	awk -v now=$NOW -v unix=$1 -v zone=$2 '
	f == "n" { name[$1] = $2; next }
	f == "i" { kind[$1] = $4; next }
	f == "c" || f == "t" { state[$1] = $3; key[$1] = $2; if (f == "t" && kind[$1] == "main") tunnel[++m] = $1; next }
	f == "s" { if ($1 == "role") role = $2; next }
	{ split($6, first, ",")
		if ($1 == "default" && role == "member") for (i = 1; i in first; i++) say(who(first[i]) " by " first[i] ", " state[first[i]] (i == 1 ? ", preferred" : ""))
		if (++lines <= 60 || $2 != first[1]) print "  " $1 ": " words($2) ", since " clock(unix - now + $3) ", " why[$4]; else more++ }
	BEGIN { why["plan"] = "as planned"; why["boot"] = "since its script began"; why["dead"] = "the way before was dead"; why["better"] = "better" }
	END { if (role == "gateway") for (i = 1; i <= m; i++) say(who(tunnel[i]) " by " tunnel[i] ", " state[tunnel[i]])
		if (slots) print "  gateways: " slots
		if (more) print "  " more " more by their first way" }
	function say(text) { slots = slots (slots ? "; " : "") text }
	function who(face) { return key[face] in name ? name[key[face]] : "nobody known" }
	function words(way, at) {
		if (split(way, at, ":") > 1) return kind[at[1]] == "direct" ? "direct" : "by its own tunnel"
		return way == "default" ? "by its default way" : way == "unreachable" ? "no way" : "through " who(way)
	}
	function clock(at, day, s) {
		s = substr(zone, 2, 2) * 3600 + substr(zone, 4) * 60
		if (zone ~ /^-/) s = -s
		day = int((unix + s) / 86400) - int((at + s) / 86400)
		return sprintf("%02d:%02d", (at + s) % 86400 / 3600, (at + s) % 3600 / 60) (day ? " " day " d ago" : "")
	}' f=n applied/names f=n ways/is/names f=i ways/is/interfaces f=s ways/is/settings f=c paths f=t ways/table f=w ways/chosen
}

tunnels() { # of the base interface, by the core's own table
	awk -v now=$NOW 'NF == 2 { n[$1] = $2; next } { print "  " $1, n[$2], $3, "for", now - $4, "s, RTT", $6, "ms" }' applied/names paths
}

# ---- verbs

part_show() {
	ways
	tunnels
}

part_run() { # PID of the core, in whose name the lock of this part is: as long as it lives there is nothing to run
	read -r stat <"/proc/$1/stat" && set -- $1 ${stat##*) } && echo "$1 ${21}" >status.sh
}

main() {
	set -u
	umask 077
	export LC_ALL=C
	case ${1-} in
		show | run) ;;
		doctor | follow | leave) exit 0 ;; # parts are asked these
		*) echo 'status.sh show | run PID' >&2; exit 2 ;;
	esac
	cd /run/spanwire || exit 1
	read -r NOW _ </proc/uptime
	NOW=${NOW%.*}
	verb=$1
	shift
	part_$verb "$@"
}
}

main "$@"
