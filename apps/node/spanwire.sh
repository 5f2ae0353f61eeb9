#!/bin/sh
# Spanwire on a node: joins it to a WireGuard network, keeps the tunnels its server last confirmed, reports what it measures.
# docs/node-script.md explains it, docs/protocol.md is the wire. The last line calls main: a download cut short does nothing.
# Unquoted are our own words and what has passed check_lines: no space and no pattern in them.
# shellcheck disable=SC2046,SC2086,SC2016,SC2015
SERVER_URL=''
SERVER_PIN=''
VERSION=0.1.0
GIVEN=$#
# Keys, bundles (confirmed, on trial), scripts. R, gone at a reboot, is the working directory; S is this process's part of it.
E=/etc/spanwire L=/var/lib/spanwire C=$L/confirmed P=$L/pending X=$L/script R=/run/spanwire BIN=/usr/local/bin/spanwire
S='' LOCKED='' STEP='' AUTH=/dev/null URL='' PIN='' WAIT=30 STATUS='' WHY='' CODE='' HELD='' SHA='' TURN=0 TOLD=''

# ---- vocabulary

say() { printf 'spanwire: %s\n' "$*"; }
tell() { [ "$TOLD" = "$*" ] || say "$*"; TOLD=$*; }
has() { command -v $1 >/dev/null; }
q() { "$@" 2>/dev/null; }
now() { read -r up _ < /proc/uptime && echo ${up%.*}; }
born() { q sed 's/.*) //' /proc/$1/stat | cut -d' ' -f20; }
detach() { $(command -v setsid || echo nohup) sh "$@" </dev/null >>log 2>&1 & }
each() { while read -r words; do "$@" $words || return; done; }

fail() { # CODE 'sentence' 'fix'
	printf 'spanwire: %s: %s\n  fix: %s\n' "$@" >&2
	[ -z "$STEP" ] || printf '%s\n%s\n' "$2" "$3" | step failed $1
	exit 1
}

run() { "$@" >/dev/null 2>$S/err || { WHY="$* failed: $(head -c 300 $S/err | tr '\n\t' '  ')"; return 1; }; }
scratch() { S=tmp.$1 && rm -rf $S && mkdir $S || exit 1; }
tidy() { [ -z "$HELD" ] || q kill $HELD; rm -rf $S $LOCKED; }

holder() { # LOCK: the living process that has it; the start time tells it from a later one of the same id
	read -r pid start 2>/dev/null < $1 && [ "$(born $pid)" = "${start:--}" ] && echo $pid
}

lock() { # NAME: ours until we end, or false when a living process has it
	echo "$$ $(born $$)" > $1.$$
	q ln $1.$$ $1 || holder $1 >/dev/null || { rm -f $1 && q ln $1.$$ $1; }
	rm $1.$$
	[ "$(holder $1)" = $$ ] && LOCKED="$LOCKED $1"
}

backoff() { # FAILURES FIRST MAX [RANDOM16]: seconds, full jitter under FIRST doubled at each failure
	cap=$2 n=$1
	while [ $((n -= 1)) -gt 0 ] && [ $cap -lt $3 ]; do cap=$((cap * 2)); done
	[ $cap -le $3 ] || cap=$3
	echo $((cap * ${4-$(od -An -N2 -tu2 /dev/urandom)} / 65536 + 1))
}

outlives() { # SECONDS WORD FILE: whether the word still stands there then
	end=$(($(now) + $1))
	while q grep -q $2 $3; do
		[ $(now) -lt $end ] || return 0
		sleep 1
	done
	return 1
}

# ---- the wire

server() { # the one whose TURN it is
	set -- $(sed -n $((TURN % $(grep -c . $E/server) + 1))p $E/server)
	URL=$1 PIN=$2
}

fetch() { # PATH FILE [curl option…]: STATUS is 000 unless a Spanwire server gave a whole answer; a proxy's page is none
	at=$1 out=$2
	shift 2
	# A pin alone fails on the chain of a self-signed certificate, -k alone would trust anyone: they go together.
	[ "${PIN:--}" = - ] || set -- "$@" -k --pinnedpubkey "$PIN"
	rm -f $out
	curl -q -sS -K $AUTH --proto "=${URL%%:*}" --connect-timeout 5 -m $WAIT --max-filesize 8388608 -H Expect: -D $out.head -o $out \
		"$@" "$URL$at" 2>$S/err &
	HELD=$!
	echo $HELD > $S/held
	wait $HELD
	case $? in
		0) WHY="$URL is not answered by a Spanwire server"
			STATUS=$(awk '/^HTTP\// { s = $2; ours = 0 } tolower($1) == "spanwire-protocol:" { ours = $2 + 0 == 1 }
			END { printf "%03d", ours * s }' $out.head) ;;
		143) STATUS=woken ;;
		*) STATUS=000 WHY=$(head -c 200 $S/err) ;;
	esac
	HELD=''
	rm -f $S/held
	[ $STATUS != 000 ] || : > $out
}

post() { fetch $1 $3 -H 'Content-Type: text/plain' --data-binary @$2; }
header() { awk -v h="$1:" 'tolower($1) == h { sub(/^[^ ]* */, ""); sub(/\r$/, ""); print; exit }' $2.head; }
block() { printf ':%s\n' "$1"; sed 's/^/ /'; }

refusal() { # FILE: CODE and WHY of an answer that is not 2xx
	CODE=$(sed -n '1s/^error \([a-z-]*\)$/\1/p' $1)
	[ -z "$CODE" ] || WHY=$(sed -n 2p $1 | tr -cd ' -~' | head -c 300)
	CODE=${CODE:-unreachable}
}

step() { # STATE [CODE] < evidence: the ledger on the add-node page; it never holds a join up
	{ printf 'spanwire step 1\nstep %s\nstate %s\ncode %s\n' $STEP $1 "${2-}"; head -c 2000 | block evidence; } > $S/step
	[ -z "$URL" ] || [ $AUTH = /dev/null ] || WAIT=5 post /node/v1/step $S/step $S/out
}

begin() { STEP=$1; step running </dev/null; }
finish() { say "$STEP: $1"; echo "$1" | step "done"; STEP=''; }

# ---- this machine

machine() { q cat /etc/machine-id /sys/class/dmi/id/product_uuid /proc/device-tree/serial-number | sha256sum | cut -c1-64; }
has_v6() { [ "$(q cat /proc/sys/net/ipv6/conf/all/disable_ipv6)" = 0 ]; }
kernel_wg() { [ -d /sys/module/wireguard ] || q modprobe -nq wireguard; }
user_wg() { command -v wireguard-go || command -v boringtun-cli; }
faces() { q cut -d' ' -f1 applied/interfaces; }

facts() {
	printf '%s\n' "hostname $(uname -n)" "os $(sed -n 's/^PRETTY_NAME="*\([^"]*\).*/\1/p' /etc/os-release)" "kernel $(uname -r)" \
		"arch $(uname -m)" "machine $(machine)" "init $INIT" "virt $(systemd-detect-virt)" \
		"tools $(wg --version | cut -c1-40), $(nft --version), $(ip -V), $(curl --version | cut -c1-24 | head -n1)" \
		"cpus $(grep -c ^processor /proc/cpuinfo)" "memory-kb $(awk '/^MemTotal/ { print $2 }' /proc/meminfo)"
	if kernel_wg && ! ls ../wireguard/*.sock >/dev/null; then echo wireguard kernel
	else $(user_wg) --version | awk 'NR == 1 { print "wireguard", $1, $NF }'; fi
	ip -o addr | awk '$2 != "lo" && n++ < 60 { print "address", $2, $4 }'
	{ ip -4 route; ip -6 route; } | awk '$1 ~ /[.:]/ && n++ < 60 { print "route", $1 }'
}

notes() {
	rejects | while IFS='|' read -r hook port tool rule; do echo "host-firewall $hook ($tool): $rule"; done
	has_v6 || echo 'no-ipv6 IPv6 is off: probes go over IPv4'
	[ $INIT != none ] || echo 'no-init neither systemd nor OpenRC: nothing starts Spanwire after a reboot'
	[ ! -e refused ] || sed 's/^/bundle-refused /' refused
}

# ---- the host's own firewall: an accept in our table is not final there, so whatever would reject must be found

xtables() { # asking the legacy ones would make their tables
	for tool in iptables ip6tables iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
		case $tool in *legacy) q grep -q filter /proc/net/ip_tables_names /proc/net/ip6_tables_names || continue ;; esac
		if has $tool; then echo $tool; fi
	done
}

# The rule that rejects a new packet from our interface, or with PORT one to our UDP port; those with other conditions are passed over.
walk_xtables() { # HOOK INTERFACE PORT < iptables -S
	awk -v hook=$1 -v ours=" -[io] ($2|$(echo $2 | cut -c1-4))[+]? " -v port=$3 '
		function walk(chain, depth,    i, r, t) {
			for (i = 1; i <= n[chain] && depth < 9; i++) {
				r = rule[chain, i] " "
				gsub(/ --comment ("[^"]*"|[^ ]+)| -m (comment|state|conntrack|udp)| --(ct)?state [A-Z,]*NEW[A-Z,]*/, "", r)
				if (port) { sub(/ -p udp /, " ", r); sub(" --dport " port " ", " ", r) }
				else { gsub(ours, " ", r); gsub(/ ! -[io] (lo|e[a-z0-9]*|docker0|cni0) /, " ", r) }
				if (split(r, t, " ") < 4 || t[3] !~ /^-[jg]$/) continue
				if (t[4] ~ /^(DROP|REJECT|ACCEPT|RETURN)$/) return t[4] ~ /^[DE]|J/ ? rule[chain, i] : t[4] ~ /^A/ ? "ok" : ""
				if ((r = walk(t[4], depth + 1)) != "") return r
			}
		}
		$1 == "-P" && $2 == hook && $3 == "DROP" { policy = $0 }
		$1 == "-A" { rule[$2, ++n[$2]] = $0 }
		END { r = walk(hook, 0); if (r == "") r = policy; if (r != "" && r != "ok") print r }'
}

walk_nft() { # HOOK < nft list ruleset: base chains that refuse, of tables that are neither ours nor those of iptables
	awk -v hook=$1 '$1 == "table" { t = $2 " " $3 } $1 == "chain" { c = $2; on = 0 }
		$1 == "type" { on = $2 == "filter" && $4 == tolower(hook) && t !~ /spanwire$|^ip6? filter$/; no = /policy drop/ }
		/iifname "span[^"]*" accept/ { on = 0 } /^\t\t(reject|drop)/ { no = 1 }
		$1 == "}" && on && no { print "nft " t " " c "|refuses"; on = 0 }'
}

rejects_at() { # HOOK INTERFACE PORT: lines HOOK|PORT|TOOL|RULE
	for tool in $(xtables); do q $tool -w 5 -S | walk_xtables "$@" | sed "s/^/$1|$3|$tool|/"; done
	[ $3 != 0 ] || q nft list ruleset | walk_nft $1 | sed "s/^/$1|0|/"
}

rejects() { # what would reject the overlay; on a gateway also what it carries, and its own port
	set -- $(q head -n1 applied/interfaces) span0
	rejects_at INPUT $1 0
	[ "$(meta role applied)" != gateway ] || { rejects_at FORWARD $1 0; rejects_at INPUT $1 $2; }
}

open_firewall() { # one accept in front of what would reject, marked by a comment; leave removes it
	rejects > $S/rejects
	face=$(faces | head -n1)
	case $face in span*) face='span' ;; esac
	while IFS='|' read -r hook port tool rule; do
		say "host firewall: $tool $hook would reject ($rule): one marked accept goes in front"
		if [ $port = 0 ]; then set -- -i $face+; else set -- -p udp --dport $port; fi
		set -- "$@" -m comment --comment spanwire -j ACCEPT
		case $tool in
			nft*) nft insert rule ${tool#nft } iifname "\"$face*\"" accept comment '"spanwire"' ;;
			*) q $tool -w 5 -C $hook "$@" || $tool -w 5 -I $hook 1 "$@" ;;
		esac
	done < $S/rejects
}

close_firewall() {
	{ for tool in $(xtables); do q $tool -w 5 -S | sed -n "/--comment \"*spanwire\"* /s/^-A/$tool -w 5 -D/p"; done
		q nft -a list ruleset | awk '$1 == "table" { t = $2 " " $3 } $1 == "chain" { c = $2 }
			/accept comment "spanwire" # handle/ { print "nft delete rule", t, c, "handle", $NF }'; } | each undo
}
undo() { ! q "$@" || say "$*"; }

# ---- preflight: changes nothing

missing() { # packages
	{ for tool in curl wg:wireguard-tools nft:nftables ip:iproute2 tar awk:gawk sha256sum:coreutils ping:iputils-ping od:coreutils sed; do
			has ${tool%:*} || echo ${tool#*:}
		done
		q ip -V >/dev/null || echo iproute2 # busybox has an ip of its own
		kernel_wg || user_wg >/dev/null || echo wireguard-go; } | sort -u |
		if has apt-get; then cat; elif has apk; then sed 's/-ping//'; else sed 's/-ping//; s/iproute2/iproute/'; fi
}

install_packages() {
	say "installing $*"
	if has apt-get; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
	elif has apk; then apk add "$@"
	else $(command -v dnf || echo yum) install -qy "$@"; fi >/dev/null 2>&1
}

preflight() {
	[ -z "$INSTALL" ] || [ -z "$(missing)" ] || install_packages $(missing)
	set -- $(missing)
	case $* in *wireguard-go*) CODE=no-wireguard ;; *) CODE=missing-tool ;; esac
	[ $# = 0 ] || fail $CODE "missing packages: $*" 'install them, or add --install-packages'
	kernel_wg || [ -c /dev/net/tun ] || fail no-tun 'neither WireGuard in the kernel nor /dev/net/tun' 'load tun, or give it to the container'
	has_v6 || say 'note: IPv6 is off: probes go over IPv4'
	if [ -n "$URL" ]; then
		fetch /join $S/join
		case $STATUS in
			200) at=$(header date $S/join)
				at=$(q date -ud "$at" +%s || q date -uD '%a, %d %b %Y %T GMT' -d "$at" +%s || date +%s)
				skew=$(($(date +%s) - at))
				[ ${skew#-} -lt 120 ] || say "note: clock-skew: this clock is $skew s from the server's; switch NTP on" ;;
			*) case $WHY in *pinned*) fail tls-failed "$WHY" 'copy the line again; if it still fails, somebody is in between' ;; esac
				fail unreachable "$WHY ($STATUS)" "check DNS, proxy and outgoing TCP from here to $URL" ;;
		esac
	fi
	firewall_stops
}

firewall_stops() {
	[ -n "$FIX" ] || [ -e $E/fix ] || [ -z "$(rejects | tee $S/rejects)" ] || fail host-firewall \
		"the host firewall would reject the overlay: $(cat $S/rejects)" 'paste the line again with --fix: it puts one marked accept in front'
}

# ---- keys

keys() { # made here once; the private one never leaves
	mkdir -p $E $X && chmod 700 $E $L
	[ -s $E/private.key ] || { wg genkey > $E/new && mv $E/new $E/private.key; }
	[ -s $E/credential ] || { echo "swn_$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')" > $E/new && mv $E/new $E/credential; }
	[ -s $E/machine ] || machine > $E/machine
	sed 's/.*/header = "Authorization: Bearer &"/' $E/credential > $E/curl.conf
	PUBLIC=$(wg pubkey < $E/private.key)
	[ ${#PUBLIC}$(wc -c < $E/credential) = 4469 ] ||
		fail bad-key "$E cannot be written or is damaged" 'free some space, or run "spanwire leave" and paste a fresh line'
	same_machine
}

same_machine() {
	[ $(machine) = "$(cat $E/machine)" ] || fail cloned-machine "the keys in $E are another machine's; used here, they would steal its tunnels" \
		'run "spanwire leave" here, then paste a fresh line'
}

# ---- bundles

meta() { q awk -v "k=$1" '$1 == k { print $2; exit }' ${2:-$C}/meta; }
triple() { echo $(meta epoch ${1-}) $(meta revision ${1-}) $(meta view ${1-}); }

check_lines() { # FILE…: each line against its grammar; prints FILE:LINE of the first bad one
	awk 'function bad(why) { print FILENAME ":" FNR ": " why; exit failed = 1 }
		function times(n, s,    r) { while (n--) r = r s; return r }
		BEGIN { # no {n} in the expressions: mawk lacks it
			hash = times(64, "[0-9a-f]"); key = times(42, "[A-Za-z0-9+/]") "[AEIMQUYcgkosw048]="; id = times(36, "[0-9a-f-]")
			num = "(0|[1-9][0-9]*)"; name = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"; face = "[a-z][a-z0-9_-]*"
			byte = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"; v4 = byte times(3, "[.]" byte); v6 = "[0-9a-f.]*:[0-9a-f:.]*"
			cidr = "(" v4 "/(3[0-2]|[12]?[0-9])|" v6 "/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))"
			line["meta"] = "format 1|kind full|(network|node) " id "|(network-)?name " name "|role (gateway|member)|state (active|paused)|" \
				"(epoch|revision) " num "|view " hash "|tombstone swt_" times(43, "[A-Za-z0-9_-]") "|script [0-9A-Za-z.+-]+ " hash \
				"|server https?://[][A-Za-z0-9.:-]+(/[A-Za-z0-9._/-]*)?( (-|sha256//" key "))?"
			line["interfaces"] = face " " num " " num
			line["addresses"] = line["routes"] = face " " cidr
			line["sysctls"] = "net[.](ipv4[.]ip_forward [01]|ipv6[.]conf[.]all[.]forwarding [01]|ipv4[.]conf[.]" face "[.]rp_filter [012])"
			line["peers"] = "|[[]Peer[]]|(PublicKey|PresharedKey) = " key "|AllowedIPs = " cidr "(, " cidr ")*|PersistentKeepalive = (off|" num \
				")|Endpoint = ([[]" v6 "[]]|[a-z0-9][a-z0-9.-]*):" num
			line["names"] = key " " name
			line["probes"] = face " " key " (-|" v6 ") (-|" v4 ")"
			line["candidates"] = "(default|" cidr ")( " face ")+"
			line["requests"] = id " (probe|diagnose|leave|upgrade) " num "( [A-Za-z0-9.:/_-]+)*"
		}
		!/^[\t -~]*$/ { bad("not plain ASCII") }
		FILENAME == "firewall.nft" { # our table with chains, sets and maps, indented as rendered; nothing before or after it
			if (FNR < 4 ? $0 !~ (FNR == 1 ? "^(add )?table inet spanwire$" : FNR == 2 ? "^delete table inet spanwire$" : "^table inet spanwire [{]$") : \
				shut ? 1 : /^  (chain|set|map) [a-z0-9_]+ [{]$/ ? open++ : /^  [}]$/ ? open-- != 1 : /^[}]$/ ? open || shut++ : \
				!open || /include|[#`\\]|"[^"]*[{}][^"]*"/ || !/^    [^{}]*([{][^{}]*[}][^{}]*)*$/) bad("not a line of our table")
			next
		}
		{
			file = FILENAME; sub(/\/.*/, "", file)
			if ($0 !~ ("^(" line[file] ")$") || (file == "meta" && seen[$1]++ && $1 != "server")) bad("not as the protocol says: " substr($0, 1, 80))
			for (k = 1; k <= NF; k++) if (length($k) > (/^(view|script|server|Endpoint) / ? 255 : 63)) bad("too long")
			if (file == "interfaces" && (mine[$1]++ || length($1) > 15 || $2 > 65535 || $3 > 65535)) bad("twice, or out of range")
			who = file ~ /^(addresses|routes|probes)$/ ? $1 : file == "peers" ? substr(FILENAME, 7) : file == "candidates" ? $NF : ""
			if (file == "sysctls" && split($1, s, ".") == 5 && s[4] !~ /^(all|default)$/) who = s[4]
			if (who != "" && !(who in mine)) bad("no interface " who)
		}
		END {
			k = failed ? 0 : split("format kind network network-name node name role state epoch revision view", need, " ")
			for (; k; k--) if (!(need[k] in seen)) { print "meta: no " need[k]; exit 1 }
			if (!failed && FILENAME == "firewall.nft" && !shut) { print "firewall.nft: not closed"; exit 1 }
			exit failed }' "$@"
}

unpack() { # TAR: checked, into $L/incoming; else WHY
	WHY='the bundle is not a whole tar of the files that the protocol names'
	rm -rf $L/incoming
	mkdir $L/incoming && q tar -tvf $1 > $S/list && awk '{ last = $NF } seen[$NF]++ || !/^-/ || (NR == 1) != ($NF == "meta") || $NF !~ \
		/^(meta|interfaces|addresses|routes|sysctls|names|probes|candidates|firewall[.]nft|requests|SHA256SUMS|peers\/[a-z][a-z0-9_-]*)$/ \
		{ odd = 1 } END { exit odd || last != "SHA256SUMS" }' $S/list && q tar -xof $1 -C $L/incoming && cd $L/incoming || return 1
	WHY='the checksums of the bundle do not match'
	if [ "$(cut -c67- SHA256SUMS | sort)" = "$(find . -type f ! -name SHA256SUMS | cut -c3- | sort)" ] && sha256sum -c SHA256SUMS >/dev/null 2>&1; then
		touch interfaces addresses routes sysctls names probes
		WHY=$(check_lines meta interfaces $(q ls addresses routes sysctls peers/* names probes candidates requests firewall.nft))
	else false; fi
	set -- $?
	cd $R && return $1
}

# ---- applying

endpoints() { # PEERFILE: KEY ENDPOINT of its peers, names resolved: wg itself would block on a name
	q awk '$1 == "PublicKey" { k = $3 } $1 == "Endpoint" { print k, $3 }' $1 | while read -r key at; do
		host=${at%:*}
		case $host in \[*) ;; *[a-z]*)
			host=$({ q getent ahosts $host || q nslookup $host | sed -n 's/^Address[ 1:]* //p' | sed 1d; } |
				awk '{ print $1 ~ /:/ ? "[" $1 "]" : $1; exit }') ;; esac
		[ -z "$host" ] || echo "$key $host:${at##*:}"
	done
}

unit() { # VERB NAME: false where there is no init system
	case $INIT in
		systemd) q systemctl -q $1 $2 ;;
		openrc) q rc-service -q $(echo $2 | tr @ .) $1 ;;
		none) false ;;
	esac
}

make_interface() { # NAME: made once, changed in place ever after: flannel breaks when it goes
	if q ip link show $1 >/dev/null; then run wg show $1 listen-port; return; fi
	q grep -qx $1 $L/made || echo $1 >> $L/made
	run ip link add $1 type wireguard && return
	[ $INIT != openrc ] || ln -sf spanwire-wg /etc/init.d/spanwire-wg.$1
	unit start spanwire-wg@$1 || detach $X/current _wg $1
	for _ in 1 2 3 4 5 6 7 8 9; do
		if run wg show $1 listen-port; then return; fi
		q sleep 0.3 || sleep 1
	done
	return 1
}

set_up() { # DIR NAME PORT MTU: key and peers; sessions are kept
	make_interface $2 && wg show $2 latest-handshakes > $S/handshakes || return
	port=$3
	# 0 would have syncconf take another port each time, and the NAT in front another mapping.
	[ $port != 0 ] || port=$(wg show $2 listen-port)
	endpoints $1/peers/$2 > $S/endpoints
	# No Endpoint where a session lives: that would undo roaming. After a step back of the wall clock it counts as living.
	{ printf '[Interface]\nPrivateKey = %s\nListenPort = %s\n' $(cat $E/private.key) $port
		q awk -v now=$(date +%s) 'FILENAME ~ /endpoints$/ { at[$1] = $2; next }
			FILENAME ~ /handshakes$/ { young[$1] = $2 > 0 && now - $2 < 180; next }
			$1 == "PublicKey" { k = $3 } $1 != "Endpoint" { print; next }
			!young[k] && k in at { print "Endpoint = " at[k] }' $S/endpoints $S/handshakes $1/peers/$2; } > $S/conf
	run wg syncconf $2 $S/conf && rm $S/conf && run ip link set $2 mtu $4 up
}

put_sysctl() { # KEY VALUE, when it differs
	file=/proc/sys key=$1.
	while [ "$key" ]; do file=$file/${key%%.*} key=${key#*.}; done
	old=$(q cat $file) && [ "$old" != $2 ] || return 0 # dash's read ends without a line on /proc/sys
	# Forwarding would end the router advertisements that some hosts have their address from.
	case $1 in *v6*) for ra in /proc/sys/net/ipv6/conf/*/accept_ra; do ! grep -qx 1 $ra || echo 2 > $ra; done ;; esac
	echo $2 > $file
}

put() { # addr|route NAME CIDR; protocol 77 marks our routes, and no other is touched
	case $3 in *:*) has_v6 || return 0 ;; esac
	case $1$3 in addr*:*) set -- "$@" nodad ;; route*) set -- "$@" proto 77 ;; esac
	run ip $1 replace $3 dev $2 ${4-} ${5-}
}

standing() { # NAME CIDR of addresses and of our routes, without /32 and /128
	{ ip -o addr | awk '{ print $2, $4 }'
		{ ip -4 route show proto 77; q ip -6 route show proto 77; } | awk '{ c = $1; sub(/.* dev /, ""); print $1, c, "route" }'; } |
		sed 's/\/\(32\|128\)\b//'
}

apply() { # DIR: makes this machine so, in place; else WHY
	each set_up $1 < $1/interfaces && each put addr < $1/addresses && each put route < $1/routes && each put_sysctl < $1/sysctls || return
	standing > $S/standing
	# What stands on our interfaces and is not in the bundle goes.
	awk 'FILENAME ~ /interfaces$/ { mine[$1]; next } FILENAME !~ /standing$/ { sub(/\/(32|128)$/, ""); want[$1, $2]; next }
		$1 in mine && !(($1, $2) in want) && !/ fe80:/ { print ($3 == "" ? "addr" : "route"), "del", $2, "dev", $1 }' \
		$1/interfaces $1/addresses $1/routes $S/standing | each q ip
	q cat $L/made | each keep $1
	if [ -s $1/firewall.nft ]; then run nft -c -f $1/firewall.nft && run nft -f $1/firewall.nft || return
	else q nft delete table inet spanwire; fi
	[ $1 = applied ] || { rm -rf applied && cp -R $1 applied; }
	[ ! -e $E/fix ] || open_firewall
}

keep() { grep -q "^$2 " $1/interfaces || remove $2; }

remove() { # INTERFACE
	unit stop spanwire-wg@$1
	rm -f /etc/init.d/spanwire-wg.$1
	q ip link del $1
	sed -i "/^$1\$/d" $L/made
	say "removed interface $1"
}

take_down() {
	q cat $L/made | each remove
	q nft delete table inet spanwire && say 'removed table inet spanwire'
	close_firewall
	rm -rf applied
}

recover() { [ -e $C ] || q mv $L/previous $C; } # a power cut between two renames

revert() { # VIEW WORDS: back to what is confirmed; that view is refused for 5 minutes
	echo "$1 $(($(now) + 300)) $2" > refused
	say "taken back: $2"
	rm -rf $P
	if recover; then apply $C; else take_down; fi
}

trial() { # applies P, which stays when the server is reached again. Who renames `trial` first has decided.
	triple $P > trial
	set -- $(meta view $P)
	detach $X/current _deadman $1
	CODE=interface-failed
	apply $P || { ! q mv trial lost || revert $1 "$WHY"; return 1; }
	CODE=rolled-back
	while [ -e trial ]; do
		report > $S/report
		WAIT=10 post '/node/v1/sync?hold=0' $S/report $S/out
		case $STATUS in 200 | 204) if q mv trial won; then promote; return; fi ;; esac
		TURN=$((TURN + 1))
		server
		sleep 1
	done
	WHY='with the new configuration the server was not reached within 45 s'
	# The dead-man may have finished while we were still applying: its word counts.
	[ ! -e $C ] || apply $C
	return 1
}

cmd_deadman() { # VIEW: a process of its own
	outlives 45 $1 trial || return
	scratch deadman
	! q mv trial lost || revert $1 'no answer from the server within 45 s'
}

promote() { # on disk before it is told
	rm -rf $L/previous refused
	q mv $C $L/previous
	mv $P $C
	# The server that answered stays in the list, last: it is known to work.
	{ awk -v p="$PIN" '$1 == "server" { print $2, (NF > 2 ? $3 : p) }' $C/meta; echo "$URL ${PIN:--}"; } | awk '!seen[$1]++' > $E/new
	cmp -s $E/new $E/server || { mv $E/new $E/server && TURN=0 && server; }
	sync
	say "revision $(meta revision) is confirmed"
}

take() { # TAR: 0 confirmed, 1 refused (CODE, WHY), 2 nothing to do
	CODE=bundle-refused
	unpack $1 || return 1
	set -- $L/incoming
	if [ -e $C ]; then
		WHY="the bundle is for node $(meta node $1)"
		[ $(meta node $1) = $(meta node) ] || return 1
		[ "$(triple $1)" != "$(triple)" ] || return 2
		WHY="revision $(meta revision $1) is older than $(meta revision)"
		[ $(meta epoch $1) != $(meta epoch) ] || [ $(meta revision $1) -ge $(meta revision) ] || return 1
	fi
	if read -r view until _ 2>/dev/null < refused && [ $view = $(meta view $1) ] && [ $(now) -lt $until ]; then return 2; fi
	meta tombstone $1 > $E/new
	[ ! -s $E/new ] || mv $E/new $E/tombstone
	rm -rf $P
	mv $1 $P
	trial
}

# ---- the path loop: measures, never waits for the network. All time is /proc/uptime.

tick() { # one look at all peers: what moved, who answered, whom to ask, what is missing
	q wg show all transfer > tick/moved && q wg show all latest-handshakes > tick/shook && standing > tick/has || return
	reap PINGS
	# One line a peer, as in docs/protocol.md, then: receive counter, handshake, silent ticks, asked, when timed.
	awk -v now=$(now) -v unix=$(date +%s) -v v6="$(has_v6 && echo 1)" -v turns=$TURNS -v busy=$PINGS '
		function turn(s) { print "turn", k, s; state[k] = s; since[k] = now }
		function ping() { print "ping", k, to[k]; sent[k]++; asked[k] = 1 }
		{ k = $1 " " $2; c = $2; sub(/\/(32|128)$/, "", c) }
		part == "state" && $4 <= now { state[k] = $3; since[k] = $4; heard[k] = $5; rtt[k] = $6; sent[k] = $7; lost[k] = $8
			seen[k] = $9; rx[k] = $10; hs[k] = $11; silent[k] = $12; asked[k] = $13; timed[k] = $14 }
		part == "moved" { moved[k] = $3 }
		part == "shook" { shook[k] = $3 }
		part == "has" { has[$1]; has[$1, $2] }
		part == "interfaces" { mine[$1]; if (!($1 in has)) mend = 1 }
		(part == "addresses" || part == "routes") && (v6 || c !~ /:/) && !(($1, c) in has) { mend = 1 }
		part == "probes" { if (!(k in moved)) mend = 1; order[n++] = k; to[k] = v6 && $3 != "-" ? $3 : $4 }
		part == "ping" && FNR == 1 { asker = k }
		part == "ping" && match($0, /time[=<][0-9.]+/) { answer[asker] = substr($0, RSTART + 5, RLENGTH - 5) }
		END {
			for (k in moved) { split(k, w, " "); if (w[1] in mine && !(k in to)) { order[n++] = k; to[k] = "-" } }
			for (i = 0; i < n; i++) { # begins elsewhere at each tick, so that a short budget reaches everybody
				k = order[(i + 61 * turns) % n]
				if (!(k in state)) { state[k] = "unknown"; since[k] = now; heard[k] = rtt[k] = seen[k] = rx[k] = hs[k] = "-" }
				new = k in answer
				if (new) { rtt[k] = answer[k]; timed[k] = now } else lost[k] += asked[k]
				if (k in moved) { if (rx[k] != "-" && rx[k] != moved[k] && moved[k] > 0) new = 1; rx[k] = moved[k] }
				if (shook[k] > 0 && shook[k] != hs[k]) { age = hs[k] == "-" ? unix - shook[k] : 0
					seen[k] = age >= 0 && age < now ? now - age : now; hs[k] = shook[k] }
				was = asked[k]; asked[k] = 0
				if (new) { heard[k] = now; silent[k] = 0; if (state[k] != "alive") turn("alive") }
				else if (to[k] == "-") { if (state[k] == "alive" && now - heard[k] > 180) turn("unknown") }
				else if ((was || !silent[k]) && ++silent[k] == 3 && state[k] != "dead") turn("dead")
				if (to[k] == "-" || busy) continue
				if (new) { if (now - timed[k] >= 30 && timings++ < 4) ping() }
				# The dead are asked at each tick for half a minute, then at every tenth.
				else if ((state[k] != "dead" || now - since[k] < 30 || (i + turns) % 10 == 0) && asks++ < 64) ping()
			}
			for (i = 0; i < n; i++) { k = order[i]
				line = k " " state[k] " " since[k] " " heard[k] " " rtt[k] " " sent[k] + 0 " " lost[k] + 0 " " seen[k]
				print line > "tick/paths"
				print line, rx[k], hs[k], silent[k] + 0, asked[k] + 0, timed[k] + 0 > "tick/next" }
			if (mend) print "mend" }' part=state tick/state $(for part in moved shook has; do echo part=$part tick/$part; done
		for part in interfaces addresses routes probes; do echo part=$part applied/$part; done) part=ping $(find tick -name 'ping.*') > tick/orders || return
	TURNS=$((TURNS + 1)) changed=''
	if [ -e tick/paths ]; then mv tick/paths paths && mv tick/next tick/state; else : > paths; fi
	grep ^turn tick/orders > tick/turns && changed=1
	while read -r _ face key state; do say "$(awk -v "k=$key" '$1 == k { print $2 }' applied/names) on $face is $state"; done < tick/turns
	if [ -z "$PINGS" ]; then
		rm -f tick/ping.*
		ask & PINGS=$!
	fi
	reap MENDER
	if [ ! -e trial ]; then
		each put_sysctl < applied/sysctls
		if [ -z "$MENDER" ] && { grep -q ^mend tick/orders || [ $((TURNS % 20)) = 0 ]; }; then mend & MENDER=$!; fi
	fi
	# The server learns of a change at once: its held request is cut short.
	[ -z "$changed" ] || { read -r held 2>/dev/null < tmp.sync/held && q grep -q curl /proc/$held/comm && kill $held; }
}

reap() { eval "[ -z \"\$$1\" ] || q kill -0 \$$1 || { wait \$$1; $1=''; }"; } # VARIABLE with a child's id: emptied when it has ended

ask() { # all pings of a tick at once, over before the next one
	grep ^ping tick/orders | { n=0
		while read -r _ face key address; do
			n=$((n + 1))
			{ echo $face $key; exec ping -n -c 1 -W 2 -I $face $address; } > tick/ping.$n 2>/dev/null &
		done
		wait; }
}

mend() { # what went is put back; else dead peers get their endpoint anew, names resolved again
	scratch mend
	if grep -q ^mend tick/orders; then apply applied || say "$WHY"; return; fi
	for face in $(faces); do
		endpoints applied/peers/$face | while read -r key at; do
			! grep -q "^$face $key dead" paths || wg set $face peer $key endpoint $at
		done
	done
}

path_loop() {
	mkdir -p tick
	touch tick/state
	PINGS='' MENDER='' TURNS=0 next=0
	while :; do
		q kill -0 $SYNC || { sync_loop & SYNC=$!; }
		tick
		read -r up _ < /proc/uptime
		up=${up%.*}${up#*.} next=$((next + 300))
		[ $next -gt $up ] && [ $next -le $((up + 300)) ] || next=$((up + 300))
		nap=$((next - up + 1000))
		q sleep $((nap / 100 - 10)).${nap#"${nap%??}"} &
		wait $! || sleep 3
	done
}

# ---- the sync loop: report, be held, apply

report() {
	set -- $([ -e $C ] && triple || echo 0 0 -)
	printf 'spanwire report 1\ninstance %s\nepoch %s\nrevision %s\nview %s\nscript %s\nuptime %s\nunix %s\n' $(instance) $1 $2 $3 \
		"$VERSION $SHA" $(cut -d' ' -f1 /proc/uptime) $(date +%s)
	[ ! -e trial ] || sed 's/^/trial /' trial
	block loadavg < /proc/loadavg
	grep -E '^Mem(Total|Available)' /proc/meminfo | block meminfo
	head -n1 /proc/stat | block stat
	df -Pk / | block df
	block netdev < /proc/net/dev
	for face in $(faces); do
		for view in public-key listen-port endpoints latest-handshakes transfer allowed-ips; do
			# An error is never an empty answer.
			q wg show $face $view > $S/view && block "wg $face $view" < $S/view
		done
	done
	for name in paths $S/notes; do [ ! -e $name ] || block ${name#*/} < $name; done
	[ ! -e $S/facts ] || cmp -s $S/facts $S/known || block facts < $S/facts
}

instance() { echo $(cat /proc/sys/kernel/random/boot_id).$(q cat starts || echo 0); }

sync_loop() {
	trap tidy EXIT
	trap 'exit 0' TERM INT HUP
	LOCKED='' AUTH=$E/curl.conf failures=0 looked=-600
	scratch sync
	while q kill -0 $$; do
		begun=$(now) hold=20 pause=0
		if [ $((begun - looked)) -ge 600 ]; then
			# Now and then: the first server of the list again, facts and notes anew, a log that does not grow.
			looked=$begun TURN=0
			q facts > $S/facts
			q notes > $S/notes
			[ $(wc -c < log) -lt 262144 ] || : > log
		fi
		server
		[ ! -e refused ] || hold=0 pause=20
		report > $S/report
		WAIT=35 post /node/v1/sync?hold=$hold $S/report $S/answer
		case $STATUS in
			200 | 204)
				tell "in sync with $URL"
				failures=0
				cp $S/facts $S/known
				! q grep -q $SHA $X/trial || rm -f $X/trial guard
				[ $(now) -gt $begun ] || [ $pause != 0 ] || pause=1
				if [ $STATUS = 200 ]; then
					pause=0
					take $S/answer || {
						[ $? != 1 ] || { tell "refused: $WHY"; echo "- 0 $WHY" > refused; }
						pause=20
					}
				fi
				upgrade $(awk '$1 == "script" { print $3 }' $C/meta) ;;
			woken) pause=$((begun + 2 - $(now))) ;;
			401 | 403 | 410)
				if [ $STATUS = 410 ] && [ -s $E/tombstone ] && [ "$(header spanwire-tombstone $S/answer)" = "$(cat $E/tombstone)" ]; then
					say 'this node was removed: cleaning up'
					detach $X/current leave
				fi
				failures=$((failures + 1)) pause=$(backoff $failures 5 900) ;;
			*)
				[ $STATUS != 426 ] || upgrade
				TURN=$((TURN + 1)) failures=$((failures + 1)) pause=$(backoff $failures 1 60) after=$(header retry-after $S/answer)
				case $after in [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) [ $after -le $pause ] || pause=$after ;; esac ;;
		esac
		[ $failures = 0 ] || { refusal $S/answer; tell "$CODE: $WHY; all stays as it is"; }
		echo "$begun $STATUS $URL ${TOLD#*: }" > status
		[ $pause -le 0 ] || { sleep $pause & HELD=$! && wait $!; HELD=''; }
	done
}

# ---- two slots: the script replaces itself; the old one returns when the new one does not sync within 2 minutes

sound() { q sh -n $1 && head -n1 $1 | grep -qx '#!/bin/sh' && tail -n1 $1 | grep -qx 'main "$@"'; }
sha() { sha256sum < $1 | cut -c1-64; }
use_slot() { ln -sfn $1 $X/next && mv $X/next $X/current; }

slot_in() { # FILE: into the slot that is not in use
	slot=a
	[ "$(q readlink $X/current)" != a ] || slot=b
	rm -f $X/$slot && cp $1 $X/$slot && chmod 700 $X/$slot && use_slot $slot
}

upgrade() { # [SHA], without it to whatever is the newest
	[ "${1-}" != $SHA ] || return 0
	fetch /node/v1/script $S/script
	new=$(sha $S/script)
	if [ $STATUS:$new != 200:${1:-$new} ] || [ $new = $SHA ] || ! sound $S/script || q grep -qx $new $X/refused; then return; fi
	echo $new $(readlink $X/current) > $X/trial
	slot_in $S/script && say 'a newer script takes over' && kill -HUP $$ && sleep 5
}

cmd_guard() { # NEW OLD: the old script stands by
	outlives 120 $1 $X/trial || return
	echo $1 >> $X/refused
	use_slot $2
	rm -f $X/trial guard
	say 'the newer script did not sync within 2 minutes: the one before returns'
	service restart
}

# ---- the service

install_units() {
	ln -sfn $X/current $BIN
	case $INIT in
		systemd)
			cat > /etc/systemd/system/spanwire-wg@.service <<END
[Unit]
Description=WireGuard outside the kernel for %i
Before=spanwire.service
[Service]
ExecStart=$BIN _wg %i
Restart=always
RestartSec=1
END
			cat > /etc/systemd/system/spanwire.service <<END
[Unit]
Description=Spanwire node
After=network.target nss-lookup.target
Before=k3s.service k3s-agent.service
StartLimitIntervalSec=0
[Service]
ExecStartPre=$BIN up
ExecStart=$BIN run
KillMode=process
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
END
			systemctl daemon-reload && systemctl -q enable spanwire ;;
		openrc)
			cat > /etc/init.d/spanwire-wg <<END
#!/sbin/openrc-run
supervisor=supervise-daemon
command=$BIN
command_args="_wg \${RC_SVCNAME#*.}"
END
			cat > /etc/init.d/spanwire <<END
#!/sbin/openrc-run
supervisor=supervise-daemon
command=$BIN
command_args=run
respawn_delay=5
respawn_max=0
depend() { need localmount; after net; before k3s k3s-agent; }
start_pre() { $BIN up; }
END
			chmod 755 /etc/init.d/spanwire-wg /etc/init.d/spanwire && rc-update -q add spanwire default ;;
	esac
}

service() { # start, stop or restart
	! unit $1 spanwire || return 0
	[ $1 = start ] || ! pid=$(holder run) || { kill $pid && sleep 1; }
	[ $1 = stop ] || holder run >/dev/null || detach $X/current run
}

# ---- verbs

cmd_join() {
	URL=$SERVER_URL PIN=$SERVER_PIN
	[ -n "$URL" ] || [ ! -s $E/server ] || server
	[ -n "$CHECK" ] || only lock
	case $CHECK$TOKEN in
		1*) preflight; say 'nothing stands in the way'; return ;;
		'') [ -s $E/ticket ] || fail unknown 'a token is needed' 'copy the line from "Add node"'; AUTH=$E/curl.conf ;;
		swj_*[!A-Za-z0-9_-]* | [!s]*) fail unknown 'this is not a join token' 'copy the whole line again' ;;
		*) AUTH=$S/token; printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" > $AUTH ;;
	esac
	[ -n "$URL" ] || fail unreachable 'this copy of the script knows no server' 'paste the whole line from the page'
	ticket=$(printf %s "$TOKEN" | sha256sum)
	begin preflight
	preflight
	finish 'nothing stands in the way'
	begin keys
	keys
	[ -z "$FIX" ] || : > $E/fix
	sound $S/join || fail malformed "what $URL/join gave is not the script" 'paste the line again'
	verb=start
	cmp -s $S/join $X/current || { slot_in $S/join && verb=restart; }
	SHA=$(sha $X/current)
	install_units
	finish "public key $PUBLIC"
	begin enrolled
	if [ -e $C ] && { [ -z "$TOKEN" ] || [ "$ticket" = "$(q cat $E/ticket)" ]; }; then
		AUTH=$E/curl.conf
		finish "is $(meta name) in $(meta network-name)"
		begin interface
		holder run >/dev/null || bring_up
	else enrol; fi
	firewall_stops
	finish "$(tr '\n' ' ' < applied/addresses)"
	rm -f lock # `up` takes it
	service $verb
	[ $INIT != none ] || say 'no systemd or OpenRC here: it runs in the background, and nothing restarts it after a reboot'
	prove
}

enrol() {
	{ printf 'spanwire enrol 1\ncredential-sha256 %s\npublic-key %s\ninstance %s\nmachine %s\nhostname %s\nscript %s\nunix %s\n' \
		$(tr -d '\n' < $E/credential | sha256sum | cut -c1-64) $PUBLIC $(instance) $(machine) $(uname -n) "$VERSION $SHA" $(date +%s)
		q facts | block facts
		q notes | block notes; } > $S/enrol
	post /node/v1/enrol $S/enrol $S/bundle
	[ $STATUS = 200 ] || { refusal $S/bundle; fail $CODE "$WHY" 'mend that and paste the line again: it goes on from here'; }
	unpack $S/bundle || fail bundle-refused "$WHY" 'report this'
	AUTH=$E/curl.conf
	echo "$URL ${PIN:--}" > $E/server
	rm -f refused
	[ "$(meta node)" = $(meta node $L/incoming) ] || rm -rf $C $L/previous
	finish "is $(meta name $L/incoming) in $(meta network-name $L/incoming)"
	begin interface
	take $S/bundle
	[ $? != 1 ] || fail $CODE "$WHY" 'mend that and paste the line again'
	echo "$ticket" > $E/ticket
}

prove() { # measured, not configured
	[ -s applied/probes ] && [ $(meta role) = member ] || { say 'members prove the tunnels of a gateway'; return; }
	begin handshake
	read -r face peer to four < applied/probes
	has_v6 && [ $to != - ] || to=$four
	tries=0
	until age=$(wg show $face latest-handshakes | awk -v "k=$peer" -v now=$(date +%s) '$1 == k && $2 { print now - $2 }') && [ -n "$age" ]; do
		tries=$((tries + 1))
		[ $tries -lt 20 ] || fail no-handshake "no handshake with $(wg show $face endpoints | cut -f2) in 20 s" \
			"open the gateway's UDP port, and let this machine send UDP out; the tunnel then comes up by itself"
		sleep 1
	done
	finish "handshake with $(awk -v "k=$peer" '$1 == k { print $2 }' applied/names), $age s ago"
	begin reachable
	rtt=$(q ping -n -c 3 -W 3 $to | sed -n 's|.* = [0-9.]*/\([0-9.]*\)/.*|\1|p')
	[ -n "$rtt" ] || fail no-reply "handshake, but $to does not answer through the tunnel" 'look at the host firewall of both machines'
	finish "$to answered, round trip $rtt ms"
}

only() { lock $1 || fail locked 'another spanwire is at work on this machine' 'wait for it to end; see "spanwire status"'; }

bring_up() { # from the disk alone; a trial that was cut short is lost
	recover || fail not-joined 'this machine has no confirmed configuration' 'paste the line from "Add node"'
	same_machine
	q mv trial lost
	rm -rf $P
	apply $C || fail interface-failed "$WHY" 'mend that, then run "spanwire up"'
}

cmd_up() {
	only lock
	bring_up
	say "revision $(meta revision) is up"
}

cmd_run() {
	only run
	SYNC=''
	[ -e applied ] || bring_up
	same_machine
	trap 'kill $SYNC; exit 0' TERM INT
	trap 'kill $SYNC; tidy; exec sh $X/current run' HUP
	SHA=$(sha $X/current)
	echo $(($(q cat starts || echo 0) + 1)) > starts
	touch log
	if [ ! -e guard ] && read -r new old 2>/dev/null < $X/trial; then : > guard && detach $X/$old _guard $new $old; fi
	path_loop
}

cmd_status() {
	[ -e $C ] || { say 'not joined'; return; }
	say "$(meta name) in $(meta network-name), revision $(meta revision), $(holder run >/dev/null || echo NOT )running; server: $(q cut -d' ' -f2- status)"
	q awk -v now=$(now) 'NR == FNR { n[$1] = $2; next } { print "  " $1, n[$2], $3, "for", now - $4, "s, RTT", $6, "ms" }' applied/names paths
}

cmd_leave() {
	say 'leaving; in the console this machine stays until it is removed there'
	service stop
	unit disable spanwire
	[ $INIT != openrc ] || q rc-update del spanwire
	take_down
	for file in /etc/systemd/system/spanwire.service /etc/systemd/system/spanwire-wg@.service /etc/init.d/spanwire /etc/init.d/spanwire-wg $BIN $E $L $R; do
		if [ -e $file ] || [ -L $file ]; then rm -rf $file && say "removed $file"; fi
	done
	[ $INIT != systemd ] || systemctl daemon-reload
}

cmd_wg() { # NAME: in the foreground
	case $(user_wg) in *boringtun*) exec boringtun-cli -f --disable-drop-privileges $1 ;; *) exec wireguard-go -f $1 ;; esac
}

main() {
	[ $# = $GIVEN ] || exit 1 # the last line was cut
	set -u
	umask 077
	export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	TOKEN=${SPANWIRE_TOKEN-} CHECK='' FIX='' INSTALL='' verb=join INIT=none
	unset SPANWIRE_TOKEN
	if [ -d /run/systemd/system ]; then INIT=systemd; elif [ -d /run/openrc ]; then INIT=openrc; fi
	case ${1-} in join | up | run | status | leave | _*) verb=${1#_}; shift ;; esac
	while [ $# -gt 0 ]; do
		case $1 in
			--token) TOKEN=${2-}; shift ;;
			--token-file) TOKEN=$(cat "${2-}") || exit 1; shift ;;
			--install-packages) INSTALL=1 ;;
			--fix) FIX=1 ;;
			--check) CHECK=1 ;;
			--local) ;;
			-*) fail usage "unknown: $1" 'spanwire [join|up|run|status|leave] [--token T] [--token-file F] [--check] [--fix] [--install-packages]' ;;
			*) break ;;
		esac
		shift
	done
	[ $(id -u) = 0 ] || fail not-root 'this needs root' 'run the line with sudo'
	mkdir -p $R && cd $R || exit 1
	case $verb in wg | deadman) ;; *) scratch $verb; trap tidy EXIT; trap 'exit 1' TERM INT HUP ;; esac
	cmd_$verb "$@"
}

main "$@"
