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
announce() { mkdir -p part && echo 1 >part/delta; }

# ---- the peers of an interface

part_peers() { # NAME CONF [DIR]: as `wg syncconf` does it, which takes up the port anew, but only the peers that differ
	# What was set last stands, unless what is applied is to be mended, or it is another interface by now, or another key, port or mark.
	stamp="$(q cat /sys/class/net/$1/ifindex) $(sed '/^\[Peer\]/,$d' $2 | sha)"
	case $stamp in [1-9]*) ! grep -q ^PresharedKey $2 ;; *) false ;; esac || return
	was=set.$1
	[ "${3-applied}" = applied ] || announce
	if [ "${3-applied}" != applied ] && [ "$(q head -n 1 $was)" = "$stamp" ]; then mv $was $S/was || return
	else
		rm -f $was
		stands $1 $2 >$S/was || return
	fi
	differ $S/was $2 >$S/add || return
	if [ -s $S/gone ]; then xargs -n 300 wg set $1 <$S/gone || return; fi
	if [ -s $S/add ]; then wg addconf $1 $S/add || return; fi
	{ echo "$stamp"; sed -n '/^\[Peer\]/,$p' $2; } >$S/was && mv $S/was $was
}

stands() { # NAME CONF: the peers that WireGuard has, as a file for it; fails when key, port or mark are others
	[ "$(wg show $1 public-key)" = "$(sed -n 's/^PrivateKey = //p' $2 | q wg pubkey)" ] &&
		[ "$(wg show $1 listen-port)" = "$(sed -n 's/^ListenPort = //p' $2)" ] &&
		[ "$(wg show $1 fwmark)" = "$(sed -n 's/^FwMark = //p' $2)" ] &&
		wg show $1 persistent-keepalive >$S/keep && wg show $1 allowed-ips >$S/ips || return
	awk 'keeps { keep[$1] = $2; next }
		{ ips = ""
			for (i = 2; i <= NF && $i != "(none)"; i++) ips = ips (i > 2 ? ", " : "") $i
			print "[Peer]\nPublicKey = " $1
			if (ips != "") print "AllowedIPs = " ips
			print "PersistentKeepalive = " keep[$1] }' keeps=1 $S/keep keeps='' $S/ips
}

differ() { # WAS WANTED: sections to add; peers to remove in $S/gone. Endpoints are the core's; ranges stand in any order
	awk -v gone=$S/gone 'BEGIN { printf "" >gone }
		$1 == "PublicKey" { k = $3; if (old) had[k]; else { has[k]; order[++n] = k } }
		$1 == "PersistentKeepalive" { if (old) kept[k] = $3; else keep[k] = $3 }
		$1 == "AllowedIPs" && old { for (i = 3; i <= NF; i++) { sub(/,$/, "", $i); was[k, $i]; left[k]++ } }
		$1 == "AllowedIPs" && !old {
			for (i = 3; i <= NF; i++) {
				sub(/,$/, "", $i)
				ips[k] = ips[k] (i > 3 ? ", " : "") $i
				if ((k, $i) in was) left[k]--; else other[k]
			}
		}
		END {
			for (k in had) if (!(k in has)) print "peer", k, "remove" >gone
			for (i = 1; i <= n; i++) {
				k = order[i]
				if (k in had && !(k in other) && !left[k] && kept[k] == keep[k]) continue
				print "[Peer]\nPublicKey = " k
				if (k in ips) print "AllowedIPs = " ips[k]
				print "PersistentKeepalive = " keep[k]
			}
		}' old=1 $1 old='' $2
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
