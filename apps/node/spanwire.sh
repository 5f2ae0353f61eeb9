#!/bin/sh
# Spanwire on a node: joins a network, keeps what was last confirmed, reports what it measures (docs/protocol.md).
# Unquoted: our own words and what has passed `check`: no space, no pattern.
# shellcheck disable=SC2046,SC2086,SC2016,SC2015
SERVER_URL=''
SERVER_PIN=''
VERSION=0.1.0
GIVEN=$#
# We work in R, gone at a reboot; this process in its S.
E=/etc/spanwire L=/var/lib/spanwire C=$L/confirmed P=$L/pending X=$L/script R=/run/spanwire BIN=/usr/local/bin/spanwire
U=/etc/systemd/system/spanwire I=/etc/init.d/spanwire
S='' LOCKED='' STEP='' AUTH=/dev/null WHY='' HELD='' TURN=0 TOLD=''

{ # a download cut short does nothing

# ---- vocabulary

say() { printf 'spanwire: %s\n' "$*"; }
tell() { [ "$TOLD" = "$*" ] || say "$*"; TOLD=$*; }
has() { command -v $1 >/dev/null; }
q() { "$@" 2>/dev/null; }
sha() { set -- $(sha256sum); echo $1; }
now() { read -r up _ </proc/uptime && echo ${up%.*}; }
born() { read -r stat 2>/dev/null </proc/$1/stat && set -- ${stat##*) } && echo ${20}; }
detach() { setsid sh "$@" </dev/null >>log 2>&1 & }
each() { while read -r words; do "$@" $words || return; done; }

fail() { # CODE 'sentence' ['fix']
	printf 'spanwire: %s: %s\n  fix: %s\n' $1 "$2" "${3-mend that, then paste the line again}" >&2
	[ -z "$STEP" ] || echo "$2" | step failed $1
	exit 1
}

run() { "$@" >/dev/null 2>$S/err || { WHY="$* failed: $(head -c 300 $S/err | tr '\n\t' '  ')"; return 1; }; }
scratch() { S=tmp.$1 && rm -rf $S && mkdir $S || exit 1; }
tidy() { [ -z "$HELD" ] || q kill $HELD; rm -rf $S $LOCKED; q rmdir $R; }

alive() { holder $1 >/dev/null; }
holder() { # LOCK: who has it and lives; a later one of its id started later
	read -r pid start 2>/dev/null <$1 && [ "$(born $pid)" = "${start:--}" ] && echo $pid
}

only() { # LOCK: ours until we end
	echo "$$ $(born $$)" >$1.$$
	q ln $1.$$ $1 || alive $1 || { rm -f $1 && q ln $1.$$ $1; }
	rm $1.$$
	[ "$(holder $1)" = $$ ] || fail locked "another spanwire is at work here: process $(holder $1)" 'wait for it to end'
	LOCKED="$LOCKED $1"
}

backoff() { # FAILURES FIRST MAX [16 RANDOM BITS]: full jitter under FIRST, doubled each time
	echo ${4-$(od -An -N2 -tu2 /dev/urandom)} | awk -v n=$1 -v cap=$2 -v max=$3 '{
		while (--n > 0 && cap < max) cap *= 2
		print int((cap < max ? cap : max) * $1 / 65536) + 1 }'
}

outlives() { # SECONDS WORD FILE
	end=$(($(now) + $1))
	while [ $(now) -lt $end ]; do
		q grep -q $2 $3 || return
		sleep 1
	done
}

# ---- the wire

server() { # the one whose TURN it is
	set -- $(sed -n $((TURN % $(grep -c . $E/server) + 1))p $E/server)
	URL=$1 PIN=$2
}

fetch() { # SECONDS PATH FILE [curl option…]: STATUS is 000 unless a Spanwire server answered in full
	limit=$1 at=$URL$2 out=$3
	shift 3
	# A pin alone fails on a self-signed chain, -k alone would trust anyone.
	[ "${PIN:--}" = - ] || set -- "$@" -k --pinnedpubkey "$PIN"
	rm -f $out $out.head
	curl -q -sS -K $AUTH --proto "=${URL%%:*}" --connect-timeout 5 -m $limit --max-filesize 8M -H Expect: -D $out.head -o $out \
		-w '%{http_code}' "$@" "$at" >$S/code 2>$S/err &
	HELD=$! STATUS=000 WHY="$URL is not answered by a Spanwire server"
	echo $HELD >$S/held
	wait $HELD
	case $? in
		0) [ "$(header spanwire-protocol $out)" != 1 ] || STATUS=$(cat $S/code) ;;
		143) WHY=woken ;;
		*) WHY=$(head -c 200 $S/err) ;;
	esac
	HELD=''
	[ $STATUS != 000 ] || : >$out
}

post() { fetch $1 /node/v1/$2 $4 -H 'Content-Type: text/plain' --data-binary @$3; } # SECONDS DOOR BODY FILE
header() { q grep -im1 "^$1:" $2.head | sed 's/[^ ]* *//' | tr -d '\r'; }
block() { printf ':%s\n' "$1"; sed 's/^/ /'; }

refusal() { # FILE: CODE and WHY
	CODE=$(sed -n '1s/^error \([a-z-]*\)$/\1/p' $1)
	[ -z "$CODE" ] || WHY=$(sed -n 2p $1 | tr -cd ' -~' | head -c 300)
	CODE=${CODE:-unreachable}
}

step() { # STATE [CODE] < evidence: never holds a join up
	{ printf '%s %s\n' spanwire 'step 1' step $STEP state $1 code "${2-}"; head -c 2000 | block evidence; } >$S/step
	[ $AUTH = /dev/null ] || post 5 step $S/step $S/out
}

begin() { STEP=$1; step running </dev/null; }
finish() { say "$STEP: $1"; echo "$1" | step "done"; STEP=''; }

# ---- this machine

machine() { q cat /etc/machine-id /sys/class/dmi/id/product_uuid /proc/device-tree/serial-number | sha; }
who() { printf '%s %s\n' instance $(cat /proc/sys/kernel/random/boot_id).$(q cat starts || echo 0) script "$VERSION $SHA" unix $(date +%s); }
has_v6() { q grep -qx 0 /proc/sys/net/ipv6/conf/all/disable_ipv6; }
kernel_wg() { [ -d /sys/module/wireguard ] || q modprobe -nq wireguard; }
user_wg() { command -v wireguard-go || command -v boringtun-cli; }

facts() {
	printf '%s %s\n' hostname "$(uname -n)" os "$(sed -n 's/^PRETTY_NAME="*\([^"]*\).*/\1/p' /etc/os-release)" kernel "$(uname -r)" \
		arch "$(uname -m)" machine $(machine) init $INIT virt "$(systemd-detect-virt)" cpus $(nproc) \
		tools "$(wg -v | head -c 29), $(nft -v), $(ip -V), $(curl -V | head -c 12)"
	awk '/^MemTotal/ { print "memory-kb", $2 }' /proc/meminfo
	if kernel_wg && ! ls ../wireguard/*.sock >/dev/null; then echo wireguard kernel
	else $(user_wg) --version | awk 'NR == 1 { print "wireguard", $1, $NF }'; fi
	ip -o addr | awk '$2 != "lo" && n++ < 60 { print "address", $2, $4 }'
	{ ip -4 route; ip -6 route; } | awk '$1 ~ /[.:]/ && n++ < 60 { print "route", $1 }'
}

notes() {
	rejects | awk -F'|' '{ print "host-firewall", $1, "(" $3 "):", $4 }'
	[ $INIT != none ] || echo 'no-init no systemd, no OpenRC: nothing starts Spanwire after a reboot'
	q sed 's/^/bundle-refused /' refused
}

# ---- the host's firewall: no accept of ours saves a packet from it

walk_xtables() { # TOOL HOOK OURS < iptables -S: the first rule for all, else the policy, when it rejects
	awk -v tool=$1 -v hook=$2 -v ours="$3" 'BEGIN { accept = ours " -j ACCEPT"; sub(/[+]/, "", accept) }
		$1 == "-P" && $2 == hook && $3 == "DROP" { policy = $0 }
		{ rule = $0; gsub(/ --comment ("[^"]*"|[^ ]+)| -m [a-z]+| --(ct)?state [A-Z,]*NEW[A-Z,]*| ! -[io] [^ ]+|[+]/, "") }
		first == "" && $2 == hook && $3 == "-j" && $4 ~ /^(ACCEPT|DROP|REJECT)$/ { first = $4 ~ /^A/ ? "ok" : rule }
		# Ours in front, or in a chain like ufw-user-input.
		tolower($2) ~ tolower(hook) && index($0, accept) && (first == "" || $2 != hook) { first = "ok" }
		END { if (first == "") first = policy; if (first !~ /^(ok)?$/) print hook "|" ours "|" tool "|" first }'
}

walk_nft() { # HOOKS OURS < nft -a list ruleset: base chains that refuse, and `undo` for ours
	awk -v hooks="$1" -v ours="$2" '$1 == "table" { t = $2 " " $3 } $1 == "chain" { c = $2; on = 0 }
		$1 == "type" { on = $2 == "filter" && index(hooks, hook = toupper($4)) && t !~ /spanwire$|^ip6? filter$/; no = /policy drop/ ? "policy drop" : "" }
		/accept comment "spanwire" # handle/ { on = 0; print "undo nft delete rule", t, c, "handle", $NF }
		/^\t\t(reject|drop)/ { $1 = $1; sub(/ #.*/, ""); no = $0 }
		$1 == "}" && on && no != "" { print hook "|" ours "|nft " t " " c "|" no; on = 0 }'
}

rejects() { # HOOK|OURS|TOOL|RULE; on a gateway also what it carries, and its port
	set -- $(q head -n1 applied/interfaces) span0
	hooks=INPUT port=''
	[ "$(meta role applied)" != gateway ] || hooks='INPUT FORWARD' port="/^INPUT/{p;s/iif[^|]*/udp dport $2/;}"
	for tool in iptables ip6tables; do
		q $tool -w 5 -S >$S/rules || continue
		for hook in $hooks; do walk_xtables $tool $hook "-i $1+" <$S/rules; done
		[ "$hooks" = INPUT ] || walk_xtables $tool INPUT "-p udp --dport $2" <$S/rules
	done
	q nft -a list ruleset | walk_nft "$hooks" "iifname \"$1*\"" | sed "/^undo/d;$port"
}

open_firewall() { # one marked accept in front of each
	rejects | while IFS='|' read -r hook ours tool rule; do
		say "host firewall: a marked accept goes in front of $tool $hook $rule"
		case $tool in
			nft*) nft insert rule ${tool#nft } $ours accept comment '"spanwire"' ;;
			*) $tool -w 5 -I $hook $ours -m comment --comment spanwire -j ACCEPT ;;
		esac
	done
}

undo() { ! q "$@" || say "$*"; }

# ---- preflight: changes nothing

missing() { # packages
	{ for tool in curl wg:wireguard-tools nft:nftables ip:iproute2 tar ping:iputils-ping; do has ${tool%:*} || echo ${tool#*:}; done
		q ip -V >/dev/null || echo iproute2 # busybox has its own
		kernel_wg || user_wg >/dev/null || echo wireguard-go; } |
		if has apt-get; then cat; else sed "s/-ping//; $(has apk || echo s/iproute2/iproute/)"; fi
}

install() {
	say "installing $*"
	if has apt-get; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
	elif has apk; then apk add "$@"
	else dnf install -qy "$@"; fi >/dev/null 2>&1
}

preflight() {
	begin preflight
	case $INSTALL$(missing) in 1?*) install $(missing) ;; esac
	set -- $(missing)
	[ $# = 0 ] || fail missing-tool "missing packages: $*" 'install them, or add --install-packages'
	kernel_wg || [ -c /dev/net/tun ] || fail no-tun 'no WireGuard in the kernel, no /dev/net/tun' 'load tun, or give it to the container'
	bad=''
	ask_parts doctor || bad=$CHECK
	if [ -n "$URL" ]; then
		fetch 30 /join $S/join
		case $STATUS$WHY in
			200*) ;;
			*pinned*) fail tls-failed "$WHY" 'copy the line again; if it still fails, somebody is in between' ;;
			*) fail unreachable "$WHY ($STATUS)" "check DNS, proxy and outgoing TCP from here to $URL" ;;
		esac
	fi
	[ -z "$CHECK" ] || ! ( AUTH=$S/token; load part/k3s ) || sh $S/script check $R/$S || bad=1
	firewall_stops
	notes | sed 's/^/spanwire: note: /'
	[ -z "$bad" ] && finish 'nothing stands in the way'
}

firewall_stops() {
	found=$(notes | sed -n 's/^host-firewall //p')
	[ -z "$found" ] || [ -n "$FIX" ] || [ -e $E/fix ] ||
		fail host-firewall "the host firewall would reject the overlay: $found" 'paste the line again with --fix'
}

keys() { # made here once
	mkdir -p $E $X
	[ -s $E/private.key ] || { wg genkey >$E/new && mv $E/new $E/private.key; }
	[ -s $E/credential ] || { echo "swn_$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')" >$E/new && mv $E/new $E/credential; }
	[ -s $E/machine ] || machine >$E/machine
	sed 's/.*/header = "Authorization: Bearer &"/' $E/credential >$E/curl.conf
	PUBLIC=$(wg pubkey <$E/private.key)
	[ ${#PUBLIC}$(wc -c <$E/credential) = 4469 ] || fail bad-key "$E is damaged or the disk is full" 'free some space, or "spanwire leave" and a fresh line'
	same_machine
}

same_machine() {
	[ $(machine) = "$(cat $E/machine)" ] || fail cloned-machine "the keys in $E are another machine's" 'run "spanwire leave" here, then paste a fresh line'
}

# ---- bundles

meta() { q sed -En "s/^$1 (.* )?//p" ${2:-$C}/meta; }
named() { finish "is $(meta name ${1-}) in $(meta network-name ${1-})"; }
triple() { set -- $(meta '(epoch|revision|view)' ${1-}) && echo "$@"; }

check() { # TAR, in the directory for its files: says what is wrong
	list=$(q tar -tf $1) && [ "${list##*[!A-Z0-9]}" = SHA256SUMS ] && ! q tar -tvf $1 | grep -qv ^- &&
		! echo "$list" | grep -Eqvx '([a-z0-9]+/)?[a-zA-Z][a-zA-Z0-9._-]*' && q tar -xof $1 && q sha256sum -c SHA256SUMS >/dev/null &&
		[ "$(cut -c67- SHA256SUMS | sort)" = "$(echo "${list%?SHA256SUMS}" | sort)" ] || return
	touch interfaces addresses routes sysctls names probes
	form='' hash='[0-9a-f]{64}' key='[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=' id='[0-9a-f-]{36}' n='(0|[1-9][0-9]{0,15})'
	name='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?' v4='[0-9]{1,3}([.][0-9]{1,3}){3}' v6='[0-9a-f.]*:[0-9a-f:.]*'
	cidr="($v4|$v6)/[0-9]{1,3}"
	face="($(cut -d' ' -f1 interfaces | tr '\n' '|')-)"
	nft='([]A-Za-z0-9 .,:;/*=!<>&|@()%+_[-]|"[a-z0-9*_ -]*")*' # braces in pairs
	for file in $list; do
		case $file in
			meta) line="format 1|kind full|(network|node) $id|(network-)?name $name|role (gateway|member)|state (active|paused)|(epoch|revision) $n|\
view $hash|tombstone swt_[A-Za-z0-9_-]{43}|(script|part [a-z0-9]+) [0-9A-Za-z.+-]{1,40} $hash|\
server https?://[][A-Za-z0-9._:/-]{1,255} (-|sha256//$key)" ;;
			interfaces) line="[a-z][a-z0-9_-]{0,14} $n $n" ;;
			addresses | routes) line="$face $cidr" ;;
			sysctls) line="net[.]ipv[46][.](ip_forward|conf[.](all|$face)[.](forwarding|rp_filter)) [012]" ;;
			peers/*) line="([[]Peer[]]|(PublicKey|PresharedKey) = $key|AllowedIPs = $cidr(, $cidr)*|PersistentKeepalive = (off|$n)|\
Endpoint = ([[]${v6}[]]|[a-z0-9][a-z0-9.-]{0,252}):$n)?" ;;
			names) line="$key $name" ;;
			probes) line="$face $key (-|$v6) (-|$v4)" ;;
			candidates) line="(default|$cidr)( $face)+" ;;
			*.nft)
				line="((add|delete) )?table inet spanwire( [{])?|  (chain|set|map|counter) [a-z0-9_]+ [{]|(  )?[}]|    $nft([{]${nft}[}]$nft)*"
				form=$form$(sed -E 's/^    .*/r/; s/^  }/e/; s/^  .*/c/; s/(.).*/\1/' $file | tr -d '\n') ;;
			requests) line="$id (probe|diagnose|leave|upgrade|k3s-[a-z-]+) $n( [A-Za-z0-9.:=/_-]{1,255})*" ;;
			k3s/* | paths/* | policy/*) continue ;; # the part's own
			SHA256SUMS) line="$hash  [^ ]+" ;;
			*) return 1 ;;
		esac
		bad=$(grep -Envxm1 "$line" $file)
		[ $? = 1 ] || { echo "$file:${bad%%:*}: ${bad#*:}" | tr -cd ' -~' | head -c 200; echo ': not as the protocol says'; return 1; }
	done
	for key in format kind network network-name node name role state epoch revision view script; do
		[ "$(grep -c "^$key " meta)" = 1 ] || { echo "meta: no $key, or two"; return 1; }
	done
	echo "$form" | grep -Eqx '(adt(cr*e)*[}])+' || { echo 'firewall.nft: not one table of ours'; return 1; }
}

unpack() { # TAR: into $L/incoming; else CODE and WHY
	CODE=bundle-refused
	rm -rf $L/incoming
	mkdir $L/incoming && WHY=$(cd $L/incoming && check $R/$1) && return
	WHY=${WHY:-the bundle is not a whole tar, or its checksums differ}
	false
}

# ---- applying

unit() { # VERB NAME
	case $INIT in
		systemd) q systemctl -q $1 $2 ;;
		openrc) q rc-service -q $(echo $2 | sed 's/-wg@/./') $1 ;;
		*) false ;;
	esac
}

make_interface() { # NAME: made once, or flannel breaks
	q ip link show $1 >/dev/null && { run wg show $1 listen-port; return; }
	q grep -qx $1 $L/made || echo $1 >>$L/made
	run ip link add $1 type wireguard && return
	[ $INIT != openrc ] || ln -sf spanwire $I.$1
	unit start spanwire-wg@$1 || detach $X/current _wg $1
	for _ in 1 2 3 4 5 6 7 8 9; do
		run wg show $1 listen-port && return
		sleep 0.3
	done
	false
}

set_up() { # DIR NAME PORT MTU: key and peers; sessions are kept
	make_interface $2 || return
	port=$3 # with 0 syncconf takes another each time
	[ $port != 0 ] || port=$(wg show $2 listen-port)
	{ printf '[Interface]\nFwMark = 0x3700\nListenPort = %s\n' $port
		sed 's/^/PrivateKey = /' $E/private.key
		q grep -v ^Endpoint $1/peers/$2; } >$S/conf
	set_peers $2 $S/conf $1 && rm $S/conf && run ip link set $2 mtu $4 up && aim $1 $2
}

set_peers() { q sh $X/delta.sh peers "$@" || run wg syncconf $1 $2; } # NAME CONF [DIR]

aim() { # DIR NAME: endpoints, resolved anew; where a session lives that would undo roaming
	wg show $2 latest-handshakes >$S/shook
	q awk -v now=$(date +%s) 'NF == 2 { lives[$1] = now - $2 < 180 }
		$1 == "PublicKey" { k = $3 } $1 == "Endpoint" && !lives[k] { print $3, k }' $S/shook $1/peers/$2 |
		while read -r to key; do q wg set $2 peer $key endpoint $to; done
}

put_sysctl() { # KEY VALUE, when it differs
	file=/proc/sys/$(echo $1 | tr . /)
	old=$(q cat $file) && [ "$old" != $2 ] || return 0 # dash cannot read /proc/sys
	# Forwarding would end router advertisements: some hosts' address.
	case $1 in *v6*) for ra in /proc/sys/net/ipv6/conf/*/accept_ra; do ! grep -qx 1 $ra || echo 2 >$ra; done ;; esac
	echo $2 >$file
}

put() { # addr|route NAME CIDR; protocol 77 marks our routes
	case $3 in *:*) has_v6 || return 0 ;; esac
	more=''
	case $1$3 in addr*:*) more=nodad ;; route*) more='proto 77' ;; esac
	run ip $1 replace $3 dev $2 $more
}

bare() { # NAME CIDR, of ip's lines too
	awk '$1 ~ /^[0-9]+:$/ { $1 = $2; $2 = $4 } / dev / { c = $1; sub(/.* dev /, ""); $2 = c } { sub(/\/(32|128)$/, "", $2); print $1, $2 }'
}

standing() { # addresses and our routes
	for v in 4 6; do printf 'addr show\nroute show proto 77\n' | q ip -$v -o -b -; done | bare
}

apply() { # DIR: makes this machine so, in place; else WHY
	each set_up $1 <$1/interfaces && each put addr <$1/addresses && each put route <$1/routes && each put_sysctl <$1/sysctls || return
	cat $1/addresses $1/routes | bare >$S/want
	standing | grep -vxFf $S/want | grep -v ' fe80:' | while read -r face at; do
		! grep -q "^$face " $1/interfaces || q ip addr del $at dev $face || q ip route del $at dev $face
	done
	q cat $L/made | while read -r face; do grep -q "^$face " $1/interfaces || remove $face; done
	alive tried || enforce $1/firewall.nft || return # what is tried is the part's
	[ $1 = applied ] || { rm -rf applied && cp -R $1 applied; }
	standing | grep -xFf $S/want >applied/stands
	[ ! -e $E/fix ] || open_firewall
}

enforce() { # RULES: loaded unless they stand, so that counters go on
	[ "$(q cat loaded)" = "$(ruled $1)" ] || { run nft -c -f $1 && run nft -f $1 && ruled $1 >loaded; }
}
ruled() { { cat $1; q nft -ast list table inet spanwire || now; } | sha; }

remove() { # NAME
	unit stop spanwire-wg@$1
	rm -f $I.$1
	q ip link del $1
	sed -i "/^$1\$/d" $L/made
	say "removed interface $1"
}

take_down() {
	q cat $L/made | each remove
	undo nft delete table inet spanwire
	{ for tool in iptables ip6tables; do q $tool -w 5 -S | sed -n "/--comment \"*spanwire\"* /s/^-A/undo $tool -w 5 -D/p"; done
		q nft -a list ruleset | walk_nft "" "" | grep ^undo; } | each
	rm -rf applied
}

recover() { [ -e $C ] || q mv $L/previous $C; } # power cut between renames

revert() { # [WORDS]: back to what is confirmed; the view is refused for 5 min
	WHY=${1-the server was not reached within 45 s}
	q mv trial lost || return
	echo "$(cut -d' ' -f3 lost) $(($(now) + 300)) $WHY" >refused
	say "taken back: $WHY"
	rm -rf $P
	if recover; then apply $C; else take_down; fi
}

trial() { # applies P. Who renames `trial` first decides
	triple $P >trial
	late=$(($(now) + 50))
	detach $X/current _deadman $(meta view $P)
	CODE=interface-failed
	apply $P || { revert "$WHY"; return 1; }
	CODE=rolled-back
	while [ -e trial ] && [ $(now) -lt $late ]; do
		report >$S/report
		post 10 'sync?hold=0' $S/report $S/out
		case $STATUS in 20[04]) q mv trial won && { promote; return; } ;; esac
		! removed $S/out || return
		TURN=$((TURN + 1))
		server
		sleep 1
	done
	revert || [ ! -e $C ] || apply $C
	false
}

cmd_deadman() { ! outlives 45 $1 trial || revert; } # VIEW

promote() { # on disk before it is told
	rm -rf $L/previous refused
	q mv $C $L/previous
	mv $P $C
	# Who answered works: it stays, last.
	{ sed -n 's/^server //p' $C/meta; echo "$URL ${PIN:--}"; } | awk '!n[$1]++' >$E/new
	cmp -s $E/new $E/server || { mv $E/new $E/server && TURN=0 && server; }
	sync
	say "revision $(meta revision) is confirmed"
}

take() { # what was unpacked: 0 confirmed, 1 refused, 2 nothing to do
	set -- $L/incoming
	if [ -e $C ]; then
		WHY="the bundle is for node $(meta node $1)"
		[ $(meta node $1) = $(meta node) ] || return 1
		[ "$(triple $1)" != "$(triple)" ] || return 2
		WHY="revision $(meta revision $1) is older than $(meta revision)"
		[ $(meta epoch $1) != $(meta epoch) ] || [ $(meta revision $1) -ge $(meta revision) ] || return 1
	fi
	read -r view until _ 2>/dev/null <refused && [ $view = $(meta view $1) ] && [ $(now) -lt $until ] && return 2
	meta tombstone $1 >$E/new
	[ ! -s $E/new ] || mv $E/new $E/tombstone
	rm -rf $P
	mv $1 $P
	trial
}

# ---- the path loop: never waits for the network; time is /proc/uptime

tick() {
	q wg show all transfer >tick/moved && q wg show all latest-handshakes >tick/shook && standing >tick/has || return
	reap PINGS
	TURNS=$((TURNS + 1)) turned='' mend=$((TURNS % 20))
	[ $mend != 0 ] || V6=$(has_v6 && echo 1)
	: >tick/next
	# Columns 1-9 are the protocol's; srand() tells the time.
	q awk -v now=$(now) -v v6=$V6 -v turns=$TURNS -v busy=$PINGS '
	function turn(to) { print "turn", name[$2], "on", $1, "is", to; $state = to; $since = now }
	{ k = $1 " " $2; f = FILENAME }
	f ~ /paths/ && $4 <= now { old[k] = $0 }
	f ~ /interfaces/ { mine[$1] }
	f ~ /names/ { name[$1] = $2 }
	f ~ /moved/ && $1 in mine { moved[k] = $3; order[n++] = k; to[k] = "-" }
	f ~ /shook/ { shook[k] = $3 }
	f ~ /probes/ { if (!(k in moved)) mend = 1; to[k] = v6 && $3 != "-" ? $3 : $4 }
	f ~ /pong/ { answer[k] = $3 }
	f ~ /has/ { has[$0] }
	f ~ /stands/ && !($0 in has) { mend = 1 }
	END {
		srand(); unix = srand()
		state = 3; since = 4; heard = 5; rtt = 6; sent = 7; lost = 8; seen = 9; rx = 10; hs = 11; silent = 12; asked = 13; timed = 14; known = 15
		for (i = 0; i < n; i++) { # 64 in turn
			k = order[(i + 61 * turns) % n]
			$0 = k in old ? old[k] : k " unknown " now " - - 0 0 - - - 0 0 -99"
			if (new = k in answer) { $rtt = answer[k]; $timed = now; $known = $lost } else $lost += $asked
			if ($rx != "-" && $rx != moved[k] && moved[k] > 0) new = 1
			$rx = moved[k]
			if (shook[k] > 0 && shook[k] != $hs) {
				age = $hs == "-" ? unix - shook[k] : 0
				$seen = age >= 0 && age < now ? now - age : now
				$hs = shook[k]
			}
			if (new) $heard = now
			if (new && ($lost - $known < 5 || $timed < 0)) { $silent = 0; if ($state != "alive") turn("alive") }
			else if (to[k] == "-") { if ($state == "alive" && now - $heard > 180) turn("unknown") }
			else if ($state != "dead" && ($lost - $known > 4 || ($asked || !$silent) && ++$silent == 3)) turn("dead")
			$asked = to[k] != "-" && !busy && (!new || $state != "alive" || now - $timed >= 9) && asks++ < 64
			if ($asked) { print "ping", k, to[k]; $sent++ }
			print > "tick/next"
		}
		if (mend) print "mend" }' paths applied/interfaces applied/names tick/moved tick/shook applied/probes tick/pong tick/has \
		applied/stands >tick/orders || return
	mv tick/next paths
	[ -n "$PINGS" ] || { : >tick/pong; ask & PINGS=$!; }
	while read -r word rest; do
		case $word in turn) say "$rest" && turned=1 ;; mend) mend=0 ;; esac
	done <tick/orders
	reap MENDER
	[ $mend$MENDER != 0 ] || { mend & MENDER=$!; }
	[ -z "$turned" ] || wake
}

wake() { held=$(q cat tmp.sync.*/held) && q grep -q curl /proc/$held/comm && q kill $held; }

reap() { eval "[ -z \"\$$1\" ] || q kill -0 \$$1 || { wait \$$1; $1=''; }"; } # VARIABLE: emptied when it ended

ask() { # over before the next tick
	while read -r word face key to; do
		[ $word != ping ] || { out=$(q ping -n -c 1 -W 2 -I $face $to) && out=${out#*time[=<]} && echo $face $key ${out%% *} >>tick/pong; } &
	done <tick/orders
	wait
}

mend() {
	scratch mend
	[ -e trial ] || apply applied || say "$WHY"
}

path_loop() {
	mkdir -p tick
	touch paths tick/pong
	PINGS='' MENDER='' TURNS=0 V6=$(has_v6 && echo 1)
	while :; do
		sleep 3 & nap=$!
		q kill -0 $SYNC || { sync_loop & SYNC=$!; }
		for part in $(parts); do alive $part.sh || detach $X/$part.sh run $$; done
		tick
		wait $nap
	done
}

# ---- the sync loop

report() {
	set -- $(triple) 0 0 -
	printf '%s %s\n' spanwire 'report 1' epoch $1 revision $2 view $3 uptime $(cut -d' ' -f1 /proc/uptime)
	who
	q sed 's/^/trial /' trial
	block loadavg </proc/loadavg
	grep -E '^Mem(Total|Available)' /proc/meminfo | block meminfo
	head -n1 /proc/stat | block stat
	df -Pk / | block df
	block netdev </proc/net/dev
	for face in $(q cut -d' ' -f1 applied/interfaces); do
		for view in public-key listen-port endpoints latest-handshakes transfer allowed-ips; do
			# An error is never an empty answer.
			q wg show $face $view >$S/view && block "wg $face $view" <$S/view
		done
	done
	q cut -d' ' -f1-9 paths | block paths
	q cat $S/notes notes | block notes
	for name in part/*; do [ ! -e $name ] || block ${name#*/} <$name; done
	[ ! -e $S/facts ] || cmp -s $S/facts $S/known || block facts <$S/facts
}

sync_loop() {
	trap tidy EXIT
	trap 'exit 0' TERM INT HUP
	LOCKED='' AUTH=$E/curl.conf failures=0 looked=-600
	scratch sync.$$
	revert 'the script ended in the middle of it'
	while q kill -0 $$; do
		begun=$(now) hold=20 pause=0
		if [ $((begun - looked)) -ge 600 ]; then
			looked=$begun TURN=0
			q facts >$S/facts
			q notes >$S/notes
			[ $(wc -c <log) -lt 262144 ] || : >log
		fi
		server
		[ ! -e refused ] || hold=0
		report >$S/report
		post 35 sync?hold=$hold $S/report $S/answer
		case $STATUS$WHY in
			20[04]*) heard ;;
			000woken) pause=$((begun + 2 - $(now))) ;;
			*) refused ;;
		esac
		echo "$TOLD" >status
		[ $pause -le 0 ] || { sleep $pause & HELD=$! && wait $!; HELD=''; }
	done
}

heard() {
	failures=0
	cp $S/facts $S/known
	! q grep -q $SHA $X/trial || rm -f $X/trial guard
	if [ $STATUS = 204 ]; then
		rm -f refused
		[ $(now) -gt $begun ] || pause=1
	elif [ -e part/delta ] && ! sh $X/delta.sh whole $S/answer; then rm part/delta && pause=1
	else unpack $S/answer && take || {
			[ $? = 2 ] || tell "refused: $WHY"
			[ $CODE != bundle-refused ] || [ -e refused ] || echo "- 0 $WHY" >refused
			pause=20
		}
	fi
	[ $pause = 20 ] || tell "in sync with $URL"
	load_parts
	upgrade $(meta script)
}

refused() {
	failures=$((failures + 1))
	refusal $S/answer
	tell "$CODE: $WHY; all stays as it is"
	case $STATUS in
		401 | 403 | 410) pause=$(backoff $failures 5 900) ;;
		*) TURN=$((TURN + 1)) pause=$(backoff $failures 1 60) ;;
	esac
	[ $STATUS != 426 ] || upgrade
	after=$(header retry-after $S/answer | tr -cd 0-9 | head -c 3)
	[ ${after:-0} -le $pause ] || pause=$after
	removed $S/answer
}

removed() {
	[ $STATUS = 410 ] && header spanwire-tombstone $1 | q grep -qxFf $E/tombstone || return
	say 'this node was removed: cleaning up'
	detach $X/current leave
}

# ---- two slots for the script

sound() { q sh -n $1 && tail -n1 $1 | grep -qx 'main "$@"'; }
use_slot() { ln -sfn $1 $X/next && mv $X/next $X/current; }

slot_in() { # FILE: into the slot not in use
	slot=a
	[ "$(q readlink $X/current)" != a ] || slot=b
	rm -f $X/$slot && cp $1 $X/$slot && chmod 700 $X/$slot && use_slot $slot
}

load() { # NAME [SHA]: into $S/script
	fetch 30 /node/v1/$1 $S/script
	new=$(sha <$S/script)
	[ $STATUS:$new = 200:${2:-$new} ] && sound $S/script
}

parts() { q cd $X && for f in *.sh; do [ ! -e $f ] || echo ${f%.sh}; done; }
ask_parts() { for part in $(parts); do sh $X/$part.sh $1 || return; done; }
load_parts() {
	set -- $(sed -n 's/^part //p' $C/meta)
	for part in $(parts); do grep -q "^part $part " $C/meta || rm $X/$part.sh; done
	while [ $# != 0 ]; do
		[ "$(q cat $X/$1.sh | sha)" = $3 ] || ! load part/$1 $3 || mv $S/script $X/$1.sh
		shift 3
	done
}

upgrade() { # [SHA], else whatever is the newest
	[ "${1-}" != $SHA ] && ! q grep -qx "${1--}" $X/refused || return 0
	load script ${1-} && [ $new != $SHA ] || return 0
	echo $new $(readlink $X/current) >$X/trial
	guard
	slot_in $S/script && say 'a newer script takes over' && kill -HUP $$ && exit 0
}

guard() { # the old script stands by, also after a reboot
	[ ! -e guard ] && read -r new old 2>/dev/null <$X/trial && : >guard && detach $X/$old _guard $new $old
}

cmd_guard() { # NEW OLD
	outlives 120 $1 $X/trial || return
	echo $1 >>$X/refused
	use_slot $2
	rm -f $X/trial guard
	say 'the newer script did not sync in 2 minutes: the one before returns'
	service restart
}

install_units() {
	ln -sfn $X/current $BIN
	case $INIT in
		systemd)
			cat >$U-wg@.service <<END
[Service]
ExecStart=$BIN _wg %i
Restart=always
RestartSec=1
END
			cat >$U.service <<END
[Unit]
Description=Spanwire node
After=network.target
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
			cat >$I <<END
#!/sbin/openrc-run
supervisor=supervise-daemon
command=$BIN
respawn_delay=5
respawn_max=0
depend() { need localmount; after net; before k3s k3s-agent; }
case \$RC_SVCNAME in
*.*) command_args="_wg \${RC_SVCNAME#*.}" ;;
*) command_args=run; start_pre() { $BIN up; } ;;
esac
END
			chmod 755 $I && rc-update -q add spanwire default ;;
	esac
}

service() { # start, stop or restart
	! unit $1 spanwire || return 0
	[ $1 = start ] || ! pid=$(holder run) || { kill $pid && sleep 1; }
	[ $1 = stop ] || alive run || detach $X/current run
}

# ---- verbs

cmd_join() {
	URL=$SERVER_URL PIN=$SERVER_PIN
	[ -n "$URL" ] || [ ! -s $E/server ] || server
	ticket=$(printf %s "$TOKEN" | sha)
	case $TOKEN in
		'') ticket=$(q cat $E/ticket) || [ -n "$CHECK" ] || fail unknown 'a token is needed' 'copy the line from "Add node"'; AUTH=$E/curl.conf ;;
		*[!A-Za-z0-9_-]* | [!s]*) fail unknown 'this is not a join token' 'copy the whole line again' ;;
		*) AUTH=$S/token; printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" >$AUTH ;;
	esac
	[ -z "$CHECK" ] || { AUTH=/dev/null; preflight; return; }
	only lock
	preflight
	begin keys
	keys
	[ -z "$FIX" ] || : >$E/fix
	sound $S/join || fail malformed "what $URL/join gave is not the script"
	verb=start
	cmp -s $S/join $X/current || { slot_in $S/join && verb=restart; }
	SHA=$(sha <$X/current)
	install_units
	finish "public key $PUBLIC"
	begin enrolled
	if [ -e $C ] && [ "$ticket" = "$(q cat $E/ticket)" ]; then
		AUTH=$E/curl.conf
		named
		begin interface
		alive run || bring_up
	else enrol; fi
	firewall_stops
	finish "$(tr '\n' ' ' <applied/addresses)"
	rm -f lock # for `up`
	service $verb
	prove
	load_parts
	ask_parts follow
}

enrol() {
	{ printf '%s %s\n' spanwire 'enrol 1' credential-sha256 $(tr -d '\n' <$E/credential | sha) public-key $PUBLIC \
			machine $(machine) hostname "$(uname -n)"
		who
		q facts | block facts
		q notes | block notes; } >$S/enrol
	post 30 enrol $S/enrol $S/bundle
	[ $STATUS = 200 ] || { refusal $S/bundle; fail $CODE "$WHY"; }
	unpack $S/bundle || fail $CODE "$WHY" 'report this'
	AUTH=$E/curl.conf
	echo "$URL ${PIN:--}" >$E/server
	rm -f refused
	[ "$(meta node)" = $(meta node $L/incoming) ] || rm -rf $C $L/previous
	named $L/incoming
	begin interface
	take
	[ $? != 1 ] || fail $CODE "$WHY"
	echo "$ticket" >$E/ticket
}

prove() { # measured, not configured
	[ -s applied/probes ] && [ $(meta role) = member ] || return 0
	begin handshake
	read -r face peer _ to <applied/probes
	tries=20
	until age=$(wg show $face latest-handshakes | awk -v "k=$peer" -v now=$(date +%s) '$1 == k && $2 { print now - $2 }') && [ -n "$age" ]; do
		[ $((tries -= 1)) -gt 0 ] || fail no-handshake "no handshake with $(wg show $face endpoints | cut -f2) in 20 s" \
			"open the gateway's UDP port, and let this machine send UDP out"
		sleep 1
	done
	finish "$age s ago"
	begin reachable
	rtt=$(q ping -n -c 3 -W 3 $to | sed -n 's|.* = [0-9.]*/\([0-9.]*\)/.*|\1|p')
	[ -n "$rtt" ] || fail no-reply "handshake, but $to does not answer through the tunnel" 'look at the host firewall of both machines'
	finish "$to answered, round trip $rtt ms"
}

bring_up() { # from the disk alone
	recover || fail not-joined 'this machine has no confirmed configuration' 'paste the line from "Add node"'
	same_machine
	q mv trial lost
	rm -rf $P
	apply $C || fail interface-failed "$WHY" 'mend that, then run "spanwire up"'
}

cmd_up() { only lock && bring_up; }

cmd_run() {
	only run
	SYNC=''
	[ -e applied ] || bring_up
	same_machine
	trap 'kill $SYNC; wait $SYNC; exit 0' TERM INT
	trap 'kill $SYNC; wait $SYNC; tidy; exec sh $X/current run' HUP
	rm -rf tmp.sync.*
	SHA=$(sha <$X/current)
	echo $(($(q cat starts || echo 0) + 1)) >starts
	touch log
	guard
	path_loop
}

cmd_status() {
	[ -e $C ] || { say 'not joined'; return; }
	say "$(meta name) in $(meta network-name), revision $(meta revision), $(alive run || printf 'NOT ')running; $(q cat status)"
	q sh $X/status.sh show || :
}

cmd_leave() {
	say 'leaving; remove this machine in the console too'
	service stop
	unit disable spanwire
	q rc-update del spanwire
	take_down
	ask_parts leave
	rm -rf $U.service $U-wg@.service $I $BIN $E $L $R
	say "removed $E, $L and the service"
	q systemctl daemon-reload || :
}

cmd_wg() { # NAME
	case $(user_wg) in *go) exec wireguard-go -f $1 ;; *) exec boringtun-cli -f --disable-drop-privileges $1 ;; esac
}

main() {
	[ $# = $GIVEN ] || exit 1 # the last line was cut
	set -u
	umask 077
	export LC_ALL=C WG_ENDPOINT_RESOLUTION_RETRIES=0 PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	TOKEN=${SPANWIRE_TOKEN-} CHECK='' FIX='' INSTALL='' verb=join INIT=none
	unset SPANWIRE_TOKEN
	[ ! -d /run/openrc ] || INIT=openrc
	[ ! -d /run/systemd/system ] || INIT=systemd
	case ${1-} in doctor) CHECK=1; shift ;; join | up | run | status | leave | _*) verb=${1#_}; shift ;; esac
	while [ $# -gt 0 ]; do
		case $1 in
			--token) TOKEN=${2-}; shift ;;
			--token-file) TOKEN=$(cat "${2-}") || exit 1; shift ;;
			--install-packages) INSTALL=1 ;;
			--fix) FIX=1 ;;
			--check) CHECK=1 ;;
			--local) ;;
			-*) fail usage "unknown: $1" 'spanwire [status|doctor|up|leave] [--token[-file] X] [--check] [--fix] [--install-packages]' ;;
			*) break ;;
		esac
		shift
	done
	[ $(id -u) = 0 ] || fail not-root 'this needs root' 'run the line with sudo'
	mkdir -p $R && cd $R || exit 1
	[ $verb = wg ] || { scratch $verb.$$; trap tidy EXIT; trap 'exit 1' TERM INT HUP; }
	cmd_$verb "$@"
}
}

main "$@"
