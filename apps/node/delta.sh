#!/bin/sh
# Spanwire's part for changes on a node: makes a whole bundle of the confirmed one and of what the server says has changed in it
# (docs/protocol.md, "A delta"), and changes of an interface only the peers that differ. Called by the core (spanwire.sh), in its working
# directory; it has no process that stays. Whatever goes wrong here, the core does as if this part was not there: it asks for the whole
# bundle, and sets all peers.
# Unquoted are our own words and what has passed a grammar: no space and no pattern in them.
# shellcheck disable=SC2046,SC2086,SC2015,SC2016
C=/var/lib/spanwire/confirmed

{ # run only when whole: a download cut short does nothing

q() { "$@" 2>/dev/null; }
sha() { sha256sum | cut -c1-64; }

# ---- a bundle of the one before

part_whole() { # FILE: a delta in it becomes the tar of the whole bundle; what is no delta stays
	[ "$(head -n 1 $1 | tr -d '\0')" = 'spanwire delta 1' ] || return 0
	name='([a-z0-9]+/)?[a-zA-Z][a-zA-Z0-9._-]*' n='(0|[1-9][0-9]{0,8})'
	! grep -Eqvx "spanwire delta 1|(base|sums) [0-9a-f]{64}|(file|gone) $name|(keep|drop) $n|[+].*" $1 || return
	[ "$(sed -n '2s/^base //p' $1)" = "$(q sed -n 's/^view //p' $C/meta)" ] || return
	rm -rf $S/is && cp -R $C $S/is && ( cd $S/is && mkdir -p . $(sed -n 's,^file \([a-z0-9]*\)/.*,\1,p') ) <$1 && merge $C $S/is <$1 || return
	( cd $S/is && [ "sums $(sha <SHA256SUMS)" = "$(sed -n 3p)" ] && q sha256sum -c SHA256SUMS >/dev/null &&
		tar -cf ../whole $(cut -c67- SHA256SUMS) SHA256SUMS ) <$1 && mv $S/whole $1
}

merge() { # OLD NEW < delta: two directories
	awk -v old=$1 -v new=$2 '
		function end() { if (to != "") { close(to); close(from) } to = "" }
		/^[+]/ { print substr($0, 2) >to; next }
		$1 == "file" { end(); from = old "/" $2; to = new "/" $2; printf "" >to }
		$1 == "gone" { end(); to = new "/" $2; printf "" >to; end(); gone[new "/" $2] }
		$1 == "keep" { for (n = $2; n > 0 && (getline line <from) > 0; n--) print line >to }
		$1 == "drop" { for (n = $2; n > 0 && (getline line <from) > 0; n--) ; }
		END { end(); for (file in gone) print file }' >$S/gone && rm -f $(cat $S/gone)
}

# In each report: a delta may come. The core takes it away when one did not fit; after the whole bundle they may come again.
announce() { { [ -d part ] || mkdir part; } && echo 1 >part/delta; }

# ---- the peers of an interface

# With 5,000 peers each pass over them shows, and with few each program that is started: one awk reads, one tail writes.
part_peers() { # NAME CONF [DIR]: as `wg syncconf` does it, which takes up the port anew, but only the peers that differ
	# What was set last stands, unless what is applied is to be mended, or it is another interface by now, or another key, port or mark.
	read -r stamp <"/sys/class/net/$1/ifindex" || return
	head='' first=1
	while read -r line && [ "$line" != '[Peer]' ]; do head="$head$line;" first=$((first + 1)); done <$2
	stamp="$stamp $(printf %s "$head" | sha256sum)" was=set.$1 stood=''
	if [ "${3-applied}" != applied ]; then
		announce
		[ ! -e $was ] || read -r stood <$was
	fi
	if [ "$stood" = "$stamp" ]; then mv $was $S/was || return
	else
		rm -f $was
		stands $1 $2 >$S/was || return
	fi
	differ $S/was $2 || return
	if [ -s $S/gone ]; then xargs -n 300 wg set $1 <$S/gone || return; fi
	if [ -s $S/add ]; then wg addconf $1 $S/add || return; fi
	{ printf '%s\n\n' "$stamp" && tail -n +$first $2; } >$S/was && mv $S/was $was
}

stands() { # NAME CONF: the peers that WireGuard has, as a file for it; fails when key, port or mark are others
	[ "$(wg show $1 public-key)" = "$(sed -n 's/^PrivateKey = //p' $2 | q wg pubkey)" ] &&
		[ "$(wg show $1 listen-port)" = "$(sed -n 's/^ListenPort = //p' $2)" ] &&
		[ "$(wg show $1 fwmark)" = "$(sed -n 's/^FwMark = //p' $2)" ] &&
		wg show $1 persistent-keepalive >$S/keep && wg show $1 allowed-ips >$S/ips && sort -o $S/ips $S/ips || return
	awk 'BEGIN { print "as it stands\n" }
		keeps { keep[$1] = $2; next }
		{ ips = ""
			for (i = 2; i <= NF && $i != "(none)"; i++) ips = ips (i > 2 ? ", " : "") $i
			print "[Peer]\nPublicKey = " $1
			if (ips != "") print "AllowedIPs = " ips
			print "PersistentKeepalive = " keep[$1] "\n" }' keeps=1 $S/keep keeps='' $S/ips
}

# Side by side: a section that both have is passed over; of two others the one with the lesser key is kept in mind, and its file goes on.
# Quick because both are sorted by key, right in any order: what only its place tells apart is kept in mind from both, and compared by key.
differ() { # WAS WANTED: sections to add in $S/add, peers to remove in $S/gone; fails for what is no line of ours. Ranges stand in any order
	awk -v was=$1 -v wanted=$2 -v gone=$S/gone -v add=$S/add '
		function old() { if ((more_old = (getline is <was)) < 0) exit 1 }
		function new() { if ((more_new = (getline to_be <wanted)) < 0) exit 1 }
		function key(section) { return substr(section, 20, 44) "" }
		function mind(section, is_old, line, lines, l, k, i) {
			lines = split(section, line, "\n")
			for (l = 1; l <= lines; l++) {
				$0 = line[l]
				if ($1 == "[Peer]") k = ""
				else if ($1 == "PublicKey") { k = $3; if (is_old) had[k]; else { if (k in has) exit 1; has[k]; order[++n] = k } }
				else if (k != "" && $1 == "PersistentKeepalive") { if (is_old) kept[k] = $3; else keep[k] = $3 }
				else if (k != "" && $1 == "AllowedIPs")
					for (i = 3; i <= NF; i++) {
						sub(/,$/, "", $i)
						if (is_old) { owned[k, $i]; left[k]++ }
						else { ips[k] = ips[k] ", " $i; if ((k, $i) in owned) left[k]--; else other[k] }
					}
				else if (NF) exit 1
			}
		}
		BEGIN {
			printf "" >gone; printf "" >add
			RS = ""
			old(); old() # the first line is no peer, and [Interface] is none
			if ((getline to_be <wanted) < 0) exit 1
			if (!(more_new = index(to_be, "[Peer]"))) new()
			else to_be = substr(to_be, more_new)
			while (more_old || more_new) {
				if (more_old && more_new && is == to_be) { old(); new(); continue }
				a = more_old ? key(is) : "~"; b = more_new ? key(to_be) : "~" # after all of base64
				if (a <= b) { all_old[++m] = is; old() }
				if (b <= a) { all_new[++o] = to_be; new() }
			}
			for (i = 1; i <= m; i++) mind(all_old[i], 1)
			for (i = 1; i <= o; i++) mind(all_new[i])
			for (k in had) if (!(k in has)) print "peer", k, "remove" >gone
			for (i = 1; i <= n; i++) {
				k = order[i]
				if (k in had && !(k in other) && !left[k] && kept[k] == keep[k]) continue
				print "[Peer]\nPublicKey = " k >add
				if (k in ips) print "AllowedIPs = " substr(ips[k], 3) >add
				print "PersistentKeepalive = " keep[k] >add
			}
		}'
}

# ---- verbs

part_run() { # PID of the core, in whose name the lock of this part is: as long as it lives there is nothing to run
	announce && read -r stat <"/proc/$1/stat" && set -- $1 ${stat##*) } && echo "$1 ${21}" >delta.sh
}

main() {
	set -u
	umask 077
	export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	case ${1-} in
		whole | peers | run) ;;
		doctor | follow | leave) exit 0 ;; # parts are asked these
		*) echo 'delta.sh run PID | whole FILE | peers NAME CONF [DIR]' >&2; exit 2 ;;
	esac
	cd /run/spanwire && S=tmp.delta.$$ && mkdir $S || exit 1
	trap 'rm -rf $S' EXIT
	trap 'exit 1' TERM INT HUP
	verb=$1
	shift
	part_$verb "$@"
}
}

main "$@"
