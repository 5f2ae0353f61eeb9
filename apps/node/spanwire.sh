#!/bin/sh
# Spanwire on a node: joins this machine to a WireGuard network, keeps its tunnels as the server last confirmed them, and
# reports what it measures. POSIX sh (dash, busybox ash, bash) and the tools in TOOLS; docs/protocol.md is the wire format.
# Whatever a server, a proxy or the network answers, the last good configuration stays.
# All is in functions and the last line calls main, so a download cut short does nothing. The server fills in two values:
SERVER_URL=''
SERVER_PIN=''
VERSION=0.1.0
GIVEN=$#
ETC=/etc/spanwire LIB=/var/lib/spanwire RUN=/run/spanwire BIN=/usr/local/bin/spanwire SLOTS=/var/lib/spanwire/script
TOOLS='curl wg ip nft tar awk sha256sum ping od sed'
SCRATCH='' LOCKED='' STEP='' AUTH=/dev/null URL='' PIN='' WAIT=30 STATUS='' WHY='' CODE='' HELD='' SHA='' TURN=0 TOLD=''

# ---- vocabulary

say() { printf 'spanwire: %s\n' "$*"; }
tell() { [ "$TOLD" = "$*" ] || say "$*"; TOLD=$*; }
has() { command -v "$1" >/dev/null 2>&1; }
uptime_s() { read -r up _ < /proc/uptime && echo "${up%.*}"; }
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
detach() { "$(command -v setsid || echo nohup)" "$@" </dev/null >>"$RUN/log" 2>&1 & }

fail() { # CODE 'sentence' 'fix'
	printf 'spanwire: %s: %s\n  fix: %s\n' "$@" >&2
	[ -z "$STEP" ] || printf '%s\n%s\n' "$2" "$3" | step "$STEP" failed "$1"
	exit 1
}

run() { # COMMAND…: when it fails, WHY has its words
	"$@" >/dev/null 2>"$SCRATCH/err" || { WHY="$* failed: $(head -c 300 "$SCRATCH/err" | tr '\n\t' '  ')"; return 1; }
}

scratch() { # NAME: a directory for this process, gone when it ends
	mkdir -p "$RUN" && chmod 700 "$RUN" && SCRATCH=$RUN/tmp.$1 && rm -rf "$SCRATCH" && mkdir "$SCRATCH" || exit 1
}

tidy() {
	[ -z "$HELD" ] || kill "$HELD" 2>/dev/null
	for lock in $LOCKED; do rm -rf "${RUN:?}/$lock"; done
	[ -z "$SCRATCH" ] || rm -rf "$SCRATCH"
}

holder() { # LOCK: the living process that has it; its start time tells it from a later owner of the same id
	read -r pid start 2>/dev/null < "$RUN/$1/pid" && [ -n "$start" ] && [ "$(born "$pid")" = "$start" ] && echo "$pid"
}

lock() { # NAME: ours until this process ends, or 1 when a living process has it
	mkdir -p "$RUN"
	for try in 1 2 3; do
		if mkdir "$RUN/$1" 2>/dev/null; then
			LOCKED="$LOCKED $1"
			echo "$$ $(born $$)" > "$RUN/$1/pid"
			return 0
		fi
		[ "$try" != 1 ] || [ -e "$RUN/$1/pid" ] || sleep 1
		holder "$1" >/dev/null && return 1
		mv "$RUN/$1" "$RUN/$1.$$" 2>/dev/null && rm -rf "$RUN/$1.$$"
	done
	return 1
}

backoff() { # FAILURES FIRST MAX RANDOM16: seconds, full jitter under FIRST doubled at each failure, MAX at most
	cap=$2 n=$1
	while [ "$n" -gt 1 ] && [ "$cap" -lt "$3" ]; do cap=$((cap * 2)) n=$((n - 1)); done
	[ "$cap" -le "$3" ] || cap=$3
	echo $((cap * $4 / 65536 + 1))
}

# ---- the wire

server() { # the server whose TURN it is
	# shellcheck disable=SC2046
	set -- $(sed -n "$((TURN % $(grep -c . "$ETC/server") + 1))p" "$ETC/server")
	URL=$1 PIN=$2
}

# fetch PATH FILE [curl option…]: STATUS is 000 unless a Spanwire server gave a whole answer: a proxy's page is none.
fetch() {
	path=$1 out=$2
	shift 2
	# A pin alone fails on the chain of a self-signed certificate, -k alone would trust anyone: they go together.
	[ "${PIN:--}" = - ] || set -- "$@" -k --pinnedpubkey "$PIN"
	rm -f "$out" "$out.head"
	curl -q -sS -K "$AUTH" --proto "=${URL%%:*}" --connect-timeout 5 --max-time "$WAIT" --max-filesize 8388608 \
		-H Expect: -D "$out.head" -o "$out" "$@" "$URL$path" 2>"$SCRATCH/curl" &
	HELD=$!
	echo $HELD > "$SCRATCH/held"
	wait $HELD
	case $? in
		0) STATUS=$(awk '/^HTTP\// { s = $2; ours = 0 } tolower($1) == "spanwire-protocol:" { ours = $2 + 0 == 1 }
			END { printf "%03d", ours * s }' "$out.head")
			WHY="$URL is not answered by a Spanwire server" ;;
		143) STATUS=woken ;;
		90) STATUS=pin WHY="$URL has another key than the pinned one" ;;
		*) STATUS=000 WHY=$(head -c 200 "$SCRATCH/curl") ;;
	esac
	HELD=''
	rm -f "$SCRATCH/held"
	[ -e "$out" ] || : > "$out"
}

post() { fetch "$1" "$3" -H 'Content-Type: text/plain' --data-binary "@$2"; }
header() { awk -v h="$1:" 'tolower($1) == h { sub(/^[^ ]* */, ""); sub(/\r$/, ""); print; exit }' "$2.head"; }
block() { printf ':%s\n' "$1"; sed 's/^/ /'; }

refusal() { # FILE: CODE and WHY of an answer that is not 2xx
	[ "$STATUS" != 000 ] && [ "$STATUS" != pin ] || { CODE=unreachable; return; }
	CODE=$(awk 'NR == 1 && $1 == "error" && $2 ~ /^[a-z-]+$/ { print $2 }' "$1")
	CODE=${CODE:-unavailable} WHY="$(sed -n 2p "$1" | tr -cd ' -~' | head -c 300) ($STATUS)"
}

step() { # STEP STATE [CODE] < evidence: the ledger on the add-node page; it never holds a join up
	{ printf 'spanwire step 1\nstep %s\nstate %s\n%s' "$1" "$2" "${3:+code $3
}"; head -c 2000 | block evidence; } > "$SCRATCH/step"
	[ -z "$URL" ] || [ "$AUTH" = /dev/null ] || WAIT=5 post /node/v1/step "$SCRATCH/step" "$SCRATCH/step.out"
}

begin() { STEP=$1; step "$1" running </dev/null; }
finish() { say "$STEP: $1"; echo "$1" | step "$STEP" "done"; STEP=''; }

# ---- this machine

machine() { # a disk that was copied to another machine gives another value
	cat /etc/machine-id /sys/class/dmi/id/product_uuid /proc/device-tree/serial-number 2>/dev/null | sha256sum | cut -d' ' -f1
}

init() { if [ -d /run/systemd/system ]; then echo systemd; elif [ -d /run/openrc ]; then echo openrc; else echo none; fi; }
has_v6() { [ "$(cat /proc/sys/net/ipv6/conf/all/disable_ipv6 2>/dev/null)" = 0 ]; }
kernel_wg() { [ -d /sys/module/wireguard ] || modprobe -n -q wireguard 2>/dev/null; }
user_wg() { command -v wireguard-go || command -v boringtun-cli; }
interfaces() { cut -d' ' -f1 "$RUN/applied/interfaces" 2>/dev/null; }

facts() {
	# shellcheck disable=SC1091
	printf '%s\n' "hostname $(uname -n)" "os $(. /etc/os-release 2>/dev/null; echo "${PRETTY_NAME-}")" "kernel $(uname -r)" \
		"arch $(uname -m)" "machine $(machine)" "init $(init)" "virt $(systemd-detect-virt 2>/dev/null)" \
		"tools $(wg --version | cut -c1-40), $(nft --version), $(ip -V), $(curl --version | cut -c1-24 | head -n1)" \
		"cpus $(grep -c ^processor /proc/cpuinfo)" "memory-kb $(awk '/^MemTotal/ { print $2 }' /proc/meminfo)"
	if kernel_wg && ! ls /run/wireguard/*.sock >/dev/null 2>&1; then echo wireguard kernel
	else "$(user_wg || echo false)" --version 2>/dev/null | awk 'NR == 1 { print "wireguard", $1, $NF }'; fi
	ip -o addr show | awk '$2 != "lo" && n++ < 60 { print "addresses address", $2, $4 }'
	{ ip -4 route show; ip -6 route show; } | awk '$1 ~ /[.:]/ && n++ < 60 { print "routes route", $1 }'
}

notes() {
	firewall_findings | while IFS='|' read -r hook port tool rule; do echo "host-firewall $hook ($tool): $rule"; done
	has_v6 || echo 'no-ipv6 IPv6 is off on this machine: probes go over IPv4'
	[ "$(init)" != none ] || echo 'no-init no systemd or OpenRC: nothing starts Spanwire after a reboot'
	[ ! -e "$RUN/refused" ] || sed 's/^/bundle-refused /' "$RUN/refused"
}

# ---- the host's own firewall: an accept in our table is not final there, so whatever would reject must be found

xtables() { # asking the legacy ones makes their tables: only where there are some
	for tool in iptables ip6tables iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
		case $tool in *legacy) grep -qs filter /proc/net/ip_tables_names /proc/net/ip6_tables_names || continue ;; esac
		if has $tool; then echo $tool; fi
	done
}

# Walks the rules as a new packet that came in by our interface does (or with PORT one to our UDP port, from anywhere) and
# prints the one that rejects it. Rules with other conditions are somebody's intent and passed over.
xtables_verdict() { # HOOK INTERFACE PORT < iptables -S
	awk -v hook="$1" -v base="$2" -v port="$3" '
		function walk(chain, depth,    i, r, t) {
			for (i = 1; i <= n[chain] && depth < 9; i++) {
				r = rule[chain, i] " "
				gsub(/ --comment ("[^"]*"|[^ ]+)| -m (comment|state|conntrack|udp)| --(ct)?state [A-Z,]*NEW[A-Z,]*/, "", r)
				if (port) { sub(" -p udp ", " ", r); sub(" --dport " port " ", " ", r) }
				else { gsub(" -[io] (" base "|" base "\\+|" substr(base, 1, 4) "\\+|\\+) ", " ", r); gsub(/ ! -[io] (lo|e[a-z0-9]*|docker0|cni0)\+? /, " ", r) }
				if (split(r, t, " ") < 4 || t[3] !~ /^-[jg]$/ || t[4] == "LOG") continue
				if (t[4] == "RETURN") return ""
				if (t[4] == "ACCEPT") return "ok"
				if (t[4] ~ /^(DROP|REJECT)$/) return rule[chain, i]
				if (t[4] in n && (r = walk(t[4], depth + 1)) != "") return r
			}
			return ""
		}
		$1 == "-P" && $2 == hook && $3 == "DROP" { policy = $0 }
		$1 == "-A" { rule[$2, ++n[$2]] = $0 }
		END { r = walk(hook, 0); if (r == "") r = policy; if (r != "ok" && r != "") print r }'
}

nft_verdict() { # HOOK PORT < nft list ruleset: FAMILY TABLE CHAIN: rule, for base chains but ours and those of iptables
	awk -v hook="$1" -v port="$2" -v xt="$(xtables)" '
		function end() { if (on && v == "") v = drop; if (on && v != "" && v != "ok") print where ": " v; on = 0; v = "" }
		$1 == "table" { table = $2 " " $3; skip = table == "inet spanwire" || (xt != "" && table ~ /^ip6? filter$/) }
		$1 == "chain" { end(); where = table " " $2 }
		$1 == "type" { on = !skip && $2 == "filter" && $4 == tolower(hook); drop = /policy drop/ ? "policy drop" : ""; next }
		$1 == "}" { end() }
		on && v == "" { sub(/^[ \t]+/, ""); r = $0; gsub(/counter packets [0-9]+ bytes [0-9]+ /, "", r)
			if (port) sub("^udp dport " port " ", "", r); else sub(/^iifname "span[^"]*" /, "", r)
			if (r ~ /^accept/) v = "ok"; else if (r ~ /^(drop|reject)/) v = $0 }'
}

findings_at() { # HOOK INTERFACE PORT: lines HOOK|PORT|TOOL|RULE
	for tool in $(xtables); do
		"$tool" -w 5 -S 2>/dev/null | xtables_verdict "$@" | sed "s/^/$1|$3|$tool|/"
	done
	nft list ruleset 2>/dev/null | nft_verdict "$1" "$3" | while IFS= read -r rule; do
		case $rule in *' firewalld '*) [ "$(firewall-cmd --get-zone-of-interface="$2" 2>/dev/null)" != trusted ] || continue ;; esac
		echo "$1|$3|nft|$rule"
	done
}

firewall_findings() { # what would reject the overlay; on a gateway also what it carries, and its own port
	set -- "$(interfaces | head -n1)"
	findings_at INPUT "${1:-span0}" 0
	[ "$(meta role "$RUN/applied")" = gateway ] || return 0
	findings_at FORWARD "$1" 0
	findings_at INPUT "$1" "$(awk '{ print $2; exit }' "$RUN/applied/interfaces")"
}

open_firewall() { # one accept in front of what would reject, marked by the comment `spanwire`; leave removes it
	firewall_findings > "$SCRATCH/findings"
	face=$(interfaces | head -n1) any=$face
	case $face in span*) any='span' ;; esac
	while IFS='|' read -r hook port tool rule; do
		say "host firewall: $tool $hook would reject ($rule): one marked accept goes in front"
		case $tool:$rule in
			nft:*' firewalld '*)
				if [ "$port" = 0 ]; then set -- --zone=trusted "--add-interface=$face"; else set -- "--add-port=$port/udp"; fi
				firewall-cmd -q "$@" && firewall-cmd -q --permanent "$@" ;;
			nft:*)
				if [ "$port" = 0 ]; then set -- iifname "\"$any*\""; else set -- udp dport "$port"; fi
				# shellcheck disable=SC2086
				nft insert rule ${rule%%:*} "$@" accept comment '"spanwire"' ;;
			*)
				if [ "$port" = 0 ]; then set -- -i "$any+"; else set -- -p udp --dport "$port"; fi
				set -- "$@" -m comment --comment spanwire -j ACCEPT
				"$tool" -w 5 -C "$hook" "$@" 2>/dev/null || "$tool" -w 5 -I "$hook" 1 "$@" ;;
		esac
	done < "$SCRATCH/findings"
}

close_firewall() {
	# shellcheck disable=SC2086
	for tool in $(xtables); do
		"$tool" -w 5 -S 2>/dev/null | sed -n '/--comment "*spanwire"* /s/^-A/-D/p' | while read -r rule; do
			"$tool" -w 5 $rule 2>/dev/null && say "removed from $tool: $rule"
		done
	done
	# shellcheck disable=SC2086
	nft -a list ruleset 2>/dev/null | awk '$1 == "table" { t = $2 " " $3 } $1 == "chain" { c = $2 }
		/accept comment "spanwire" # handle/ { print t, c, "handle", $NF }' | while read -r rule; do
		nft delete rule $rule 2>/dev/null && say "removed from nft: $rule"
	done
}

# ---- preflight: changes nothing

package() { # TOOL: its package on this distribution
	case $1 in
		wg) echo wireguard-tools ;;
		nft) echo nftables ;;
		ip) if has dnf || has yum; then echo iproute; else echo iproute2; fi ;;
		ping) if has apt-get; then echo iputils-ping; else echo iputils; fi ;;
		sha256sum | od) echo coreutils ;;
		awk) echo gawk ;;
		*) echo "$1" ;;
	esac
}

missing() {
	for tool in $TOOLS; do has "$tool" && { [ "$tool" != ip ] || ip -V 2>&1 | grep -q iproute; } || package "$tool"; done
	kernel_wg || user_wg >/dev/null || package wireguard-go
}

install_packages() {
	say "installing $*"
	if has apt-get; then apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "$@"
	elif has apk; then apk add "$@"
	else "$(command -v dnf || echo yum)" install -qy "$@"; fi >/dev/null 2>&1
}

finding() { # CODE 'sentence' 'fix': all are printed, the first is the reason
	printf 'spanwire: %s: %s\n  fix: %s\n' "$@"
	[ -n "$CODE" ] || CODE=$1 SAYS=$2 MEND=$3
}

preflight() { # CODE stays empty when nothing stands in the way
	CODE=''
	[ "$(id -u)" = 0 ] || finding not-root 'this needs root' 'run the line with sudo'
	# shellcheck disable=SC2046
	[ -z "$INSTALL$CODE" ] || [ -z "$(missing)" ] || install_packages $(missing)
	lacks=$(missing | tr '\n' ' ')
	case $lacks in
		*wireguard-go*) finding no-wireguard "no WireGuard in the kernel; missing packages: $lacks" "install $lacks(--install-packages does it)" ;;
		?*) finding missing-tool "missing packages: $lacks" "install $lacks(--install-packages does it)" ;;
	esac
	kernel_wg || [ -c /dev/net/tun ] || finding no-tun 'neither WireGuard in the kernel nor /dev/net/tun' 'load tun, or give it to the container'
	has_v6 || say 'note: IPv6 is off here: probes go over IPv4'
	if [ -n "$URL" ] && has curl; then
		fetch /join "$SCRATCH/join"
		case $STATUS in
			200) date=$(header date "$SCRATCH/join")
				date=$(date -ud "$date" +%s 2>/dev/null || date -uD '%a, %d %b %Y %T GMT' -d "$date" +%s 2>/dev/null) || date=$(date +%s)
				skew=$(($(date +%s) - date))
				[ ${skew#-} -lt 120 ] || say "note: clock-skew: this clock differs by $skew s from the server's; switch NTP on" ;;
			pin) finding tls-failed "$WHY" 'copy the line again; if it still fails, somebody is in between' ;;
			*) finding unreachable "$WHY ($STATUS)" "check DNS, proxy and outgoing TCP from here to $URL" ;;
		esac
	fi
	rejects=$(firewall_findings 2>/dev/null | head -n1)
	[ -n "$FIX" ] || [ -z "$rejects" ] || finding host-firewall "the host firewall would reject the overlay: ${rejects##*|}" \
		'paste the line again with --fix: it puts one marked accept in front'
}

# ---- keys

keys() { # made here once; the private one never leaves
	mkdir -p "$ETC" "$SLOTS" && chmod 700 "$ETC" "$LIB" || fail disk-full "cannot write $ETC" 'free some space'
	[ -s "$ETC/private.key" ] || { wg genkey > "$ETC/new" && mv "$ETC/new" "$ETC/private.key"; }
	[ -s "$ETC/credential" ] ||
		{ echo "swn_$(od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n')" > "$ETC/new" && mv "$ETC/new" "$ETC/credential"; }
	[ -s "$ETC/machine" ] || machine > "$ETC/machine"
	sed 's/.*/header = "Authorization: Bearer &"/' "$ETC/credential" > "$ETC/curl.conf"
	PUBLIC=$(wg pubkey < "$ETC/private.key") && [ "$(wc -c < "$ETC/credential")" -eq 69 ] ||
		fail bad-key "the keys in $ETC are damaged" 'run "spanwire leave", then paste a fresh line'
}

same_machine() {
	[ ! -s "$ETC/machine" ] || [ "$(machine)" = "$(cat "$ETC/machine")" ] || fail cloned-machine \
		"the keys in $ETC were made on another machine; used here too, they would steal its tunnels" \
		'run "spanwire leave" here, then paste a fresh line'
}

# ---- bundles

meta() { awk -v k="$1" '$1 == k { print $2; exit }' "${2:-$LIB/confirmed}/meta" 2>/dev/null; }
triple() { echo "$(meta epoch "${1-}") $(meta revision "${1-}") $(meta view "${1-}")"; }

check_lines() { # every line of every file of a bundle against its grammar; prints FILE:LINE of the first bad one
	# shellcheck disable=SC2046
	awk 'function bad(why) { print FILENAME ":" FNR ": " why; exit failed = 1 }
		function num(s, lo, hi) { return s ~ /^(0|[1-9][0-9]*)$/ && length(s) < 16 && s + 0 >= lo && s + 0 <= hi }
		function is(type, s,    p, i, n) { # a closed set, or one of these
			if (type ~ /,/) return index("," type ",", "," s ",") && s !~ /,/
			if (type == "key") return length(s) == 44 && s ~ /^[A-Za-z0-9+\/]*[AEIMQUYcgkosw048]=$/
			if (type == "hash") return length(s) == 64 && s ~ /^[0-9a-f]*$/
			if (type == "id") return length(s) == 36 && s ~ /^[0-9a-f-]*$/
			if (type == "name") return length(s) < 64 && s ~ /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/
			if (type == "new") return length(s) < 16 && s ~ /^[a-z][a-z0-9_-]*$/ && !mine[s]++
			if (type == "if") return s in mine
			if (type == "port") return num(s, 0, 65535)
			if (type == "num") return num(s, 0, 999999999999999)
			if (type == "proof") return length(s) == 47 && s ~ /^swt_[A-Za-z0-9_-]*$/
			if (type == "version") return s ~ /^[0-9]+\.[0-9]+\.[0-9]+$/
			if (type == "url") return length(s) < 256 && s ~ /^https?:\/\/[][A-Za-z0-9.:-]+(\/[A-Za-z0-9._\/-]*)?$/
			if (type == "pin") return s == "-" || (sub(/^sha256\/\//, "", s) && is("key", s))
			if (type == "v6") return length(s) < 46 && s ~ /^[0-9a-f.]*:[0-9a-f:.]*$/
			if (type == "v4") { n = split(s, p, "."); for (i = 1; i <= n; i++) if (!num(p[i], 0, 255)) return 0; return n == 4 }
			if (type == "ip") return is("v4", s) || is("v6", s)
			if (type ~ /^-/) return s == "-" || is(substr(type, 2), s)
			if (type == "cidr") return split(s, p, "/") == 2 && is("ip", p[1]) && num(p[2], 0, p[1] ~ /:/ ? 128 : 32)
			if (type == "dest") return s == "default" || is("cidr", s)
			if (type == "sysctl") return s ~ /^net\.(ipv4\.ip_forward|ipv6\.conf\.all\.forwarding)$/ ||
				(split(s, p, ".") == 5 && p[1] p[2] p[3] p[5] == "netipv4confrp_filter" && (p[4] in mine || is("all,default", p[4])))
			if (type == "alive") return s == "off" || num(s, 0, 65535)
			if (type == "at") { if (!sub(/:[0-9]+$/, "", s)) return 0
				if (s ~ /^\[/) return s ~ /\]$/ && is("v6", substr(s, 2, length(s) - 2))
				return is("v4", s) || (length(s) < 254 && s ~ /^[a-z0-9][a-z0-9.-]*[a-z]$/) }
			return type == "word" ? s ~ /^[A-Za-z0-9.:\/_-]+$/ : type == s
		}
		BEGIN { # what stands on a line of a file, by its first word in meta and peers; * repeats
			k = split("interfaces new port num|addresses if cidr|routes if cidr|sysctls sysctl 0,1,2|names key name|" \
				"probes if key -v6 -v4|candidates dest if *|requests id probe,diagnose,leave,upgrade num word *|" \
				"format 1|kind full|network id|network-name name|node id|name name|role gateway,member|state active,paused|" \
				"epoch num|revision num|view hash|tombstone proof|script version hash|server url|server3 url pin|" \
				"[Peer]|PublicKey = key|PresharedKey = key|AllowedIPs = cidr *|Endpoint = at|PersistentKeepalive = alive", s, "|")
			while (k) { n = s[k]; sub(/ .*/, "", n); spec[n] = s[k--] }
		}
		!/^[\t -~]*$/ { bad("not plain ASCII") }
		FILENAME == "firewall.nft" { # our table and nothing before or after it: braces are counted as nft reads them
			if (FNR == 1 && /^(add )?table inet spanwire( \{ ?\})?$/) next
			if (FNR == 2 && $0 == "delete table inet spanwire") next
			if (FNR == 3 && /^(add )?table inet spanwire \{$/) { depth = 1; next }
			if (FNR < 4) bad("not our table")
			gsub(/"[^"{}]*"/, ""); sub(/#.*/, "")
			if (/["\\`$\047]/ || /(^|[ \t;{])(include|define|redefine|undefine)([ \t]|$)/) bad("not allowed in our table")
			for (k = 1; k <= length($0); k++) {
				c = substr($0, k, 1)
				if (!depth && c !~ /[ \t]/) bad("outside our table")
				depth += (c == "{") - (c == "}")
			}
			next
		}
		FILENAME ~ /^peers\// { if (!NF) next; if (!(substr(FILENAME, 7) in mine)) bad("no such interface"); gsub(/, /, " ") }
		{
			fixed = FILENAME == "meta" || FILENAME ~ /^peers\//
			n = fixed ? $1 : FILENAME
			if (FILENAME == "meta" && (seen[n]++ && n != "server" || n ~ /^[^a-z]/)) bad("twice")
			if (n == "server" && NF == 3) n = "server3"
			if (!(n in spec)) bad("unknown: " n)
			count = split(spec[n], type, " ")
			many = type[count] == "*"
			if (many ? NF - fixed < count - 2 - (n == "requests" ? 1 : 0) : NF - fixed != count - 1) bad("wrong number of words")
			for (i = 1 + fixed; i <= NF; i++) {
				t = type[i + 1 - fixed]
				if (many && i + 1 - fixed >= count) t = type[count - 1]
				if (!is(t, $i)) bad("not a " t ": " $i)
			}
		}
		END { if (depth) { print "firewall.nft: not closed"; failed = 1 }
			k = failed ? 0 : split("format kind network network-name node name role state epoch revision view", need, " ")
			for (; k; k--) if (!(need[k] in seen)) { print "meta: no " need[k]; failed = 1 }
			exit failed }' \
		meta interfaces $(find . -type f ! -name meta ! -name interfaces ! -name SHA256SUMS | cut -c3-)
}

unpack() { # TAR: checked, into $LIB/incoming; else WHY
	rm -rf "$LIB/incoming"
	WHY='the bundle is not a whole tar of the files that the protocol names'
	tar -tf "$1" > "$SCRATCH/list" 2>/dev/null && tar -tvf "$1" > "$SCRATCH/long" 2>/dev/null && mkdir "$LIB/incoming" || return 1
	awk 'END { exit last != "SHA256SUMS" } { last = $0 } seen[$0]++ || (NR == 1) != ($0 == "meta") || $0 !~ \
		/^(meta|interfaces|addresses|routes|sysctls|names|probes|candidates|firewall\.nft|requests|SHA256SUMS|peers\/[a-z][a-z0-9_-]*)$/ \
		{ print }' "$SCRATCH/list" > "$SCRATCH/odd" && [ ! -s "$SCRATCH/odd" ] && ! grep -qv ^- "$SCRATCH/long" || return 1
	(cd "$LIB/incoming" && tar -xof "$1" 2>/dev/null) || return 1
	WHY='the checksums of the bundle do not match'
	sed 's/^[0-9a-f]*  //' "$LIB/incoming/SHA256SUMS" | sort > "$SCRATCH/odd"
	sed '/^SHA256SUMS$/d' "$SCRATCH/list" | sort | cmp -s - "$SCRATCH/odd" || return 1
	(cd "$LIB/incoming" && sha256sum -c SHA256SUMS) >/dev/null 2>&1 || return 1
	WHY=$(cd "$LIB/incoming" && touch interfaces addresses routes probes && check_lines)
}

# ---- applying

resolve() { # HOST: one address
	{ getent ahosts "$1" || nslookup "$1" | awk '/^Name/ { n = 1 } n && /^Address/ { print $2 == "1:" ? $3 : $2 }'; } 2>/dev/null |
		awk 'NR == 1 { print $1 ~ /:/ ? "[" $1 "]" : $1 }'
}

endpoints() { # PEERFILE: KEY ENDPOINT of its peers, names resolved: wg itself would block on a name
	awk '$1 == "PublicKey" { k = $3 } $1 == "Endpoint" { print k, $3 }' "$1" | while read -r key at; do
		case $at in \[*) ;; *[!0-9.:]*) at=$(resolve "${at%:*}"):${at##*:} ;; esac
		case $at in :*) ;; *) echo "$key $at" ;; esac
	done
}

ensure_interface() { # NAME: made once, changed in place ever after: flannel breaks when it goes
	if ip link show dev "$1" >/dev/null 2>&1; then
		wg show "$1" listen-port >/dev/null 2>&1 || { WHY="$1 exists and is not WireGuard"; return 1; }
		return 0
	fi
	grep -qsx "$1" "$LIB/made" || echo "$1" >> "$LIB/made"
	run ip link add dev "$1" type wireguard && return 0
	case $(init) in
		systemd) run systemctl start "spanwire-wg@$1" || return 1 ;;
		openrc) ln -sf spanwire-wg "/etc/init.d/spanwire-wg.$1" && run rc-service "spanwire-wg.$1" start || return 1 ;;
		none) detach sh "$SLOTS/current" _wg "$1" ;;
	esac
	for try in 1 2 3 4 5 6 7 8 9; do
		run wg show "$1" listen-port && return 0
		sleep 0.3 2>/dev/null || sleep 1
	done
	return 1
}

configure() { # DIR NAME PORT: key and peers; sessions are kept
	port=$3 peers=$1/peers/$2
	# 0 would have syncconf take another port each time, and the NAT in front another mapping.
	[ "$port" != 0 ] || port=$(wg show "$2" listen-port)
	[ -e "$peers" ] || peers=/dev/null
	endpoints "$peers" > "$SCRATCH/endpoints"
	wg show "$2" latest-handshakes > "$SCRATCH/handshakes" || return 1
	# No Endpoint for a peer with a living session: it would undo its roaming. A wall clock that was set back counts as young.
	{ printf '[Interface]\nPrivateKey = %s\nListenPort = %s\n' "$(cat "$ETC/private.key")" "$port"
		awk -v now="$(date +%s)" 'FILENAME ~ /endpoints$/ { at[$1] = $2; next }
			FILENAME ~ /handshakes$/ { young[$1] = $2 > 0 && now - $2 < 180; next }
			$1 == "PublicKey" { k = $3 } $1 != "Endpoint" { print; next }
			!young[k] && k in at { print "Endpoint = " at[k] }' "$SCRATCH/endpoints" "$SCRATCH/handshakes" "$peers"
	} > "$SCRATCH/wg.conf"
	run wg syncconf "$2" "$SCRATCH/wg.conf" && rm "$SCRATCH/wg.conf"
}

put_sysctl() { # KEY VALUE, when it differs
	file=/proc/sys key=$1.
	while [ -n "$key" ]; do file=$file/${key%%.*} key=${key#*.}; done
	read -r old 2>/dev/null < "$file" && [ "$old" != "$2" ] || return 0
	# Forwarding would switch router advertisements off where addresses come by them.
	case $1 in *v6*forwarding) for ra in /proc/sys/net/ipv6/conf/*/accept_ra; do ! grep -qx 1 "$ra" || echo 2 > "$ra"; done ;; esac
	echo "$2" > "$file" || { WHY="cannot set $1"; return 1; }
}

put_address() { # NAME CIDR
	case $2 in *:*) ! has_v6 || run ip addr replace "$2" dev "$1" nodad ;; *) run ip addr replace "$2" dev "$1" ;; esac
}

put_route() { # NAME CIDR; protocol 77 marks ours: those of flannel and others are never touched
	case $2 in *:*) has_v6 || return 0 ;; esac
	run ip route replace "$2" dev "$1" proto 77
}

each() { # FILE FUNCTION: for the words of each line
	[ -e "$1" ] || return 0
	# shellcheck disable=SC2086
	while read -r words; do "$2" $words || return 1; done < "$1"
}

our_routes() { ip -4 route show proto 77; [ ! -e /proc/net/if_inet6 ] || ip -6 route show proto 77; }

apply() { # DIR: makes this machine so, in place; else WHY
	while read -r name port mtu; do
		ensure_interface "$name" && configure "$1" "$name" "$port" && run ip link set dev "$name" mtu "$mtu" up || return 1
	done < "$1/interfaces"
	each "$1/addresses" put_address && each "$1/routes" put_route && each "$1/sysctls" put_sysctl || return 1
	ip -o addr show scope global > "$SCRATCH/have"
	our_routes > "$SCRATCH/routes"
	# What stands on our interfaces and is not in the bundle.
	awk -v dir="$1/" 'FILENAME == dir "interfaces" { mine[$1] = 1; next } FILENAME == dir "addresses" || FILENAME == dir "routes" { want[$1, $2] = 1; next }
		/ dev / { sub(/ (.* )?dev /, " "); c = $1 (index($1, "/") ? "" : $1 ~ /:/ ? "/128" : "/32"); if (!(($2, c) in want)) print "route", c, $2; next }
		$2 in mine && !(($2, $4) in want) { print "addr", $4, $2 }' "$1/interfaces" "$1/addresses" "$1/routes" "$SCRATCH/have" "$SCRATCH/routes" |
		while read -r kind cidr name; do ip "$kind" del "$cidr" dev "$name"; done
	made | while read -r name; do grep -q "^$name " "$1/interfaces" || remove_interface "$name"; done
	if [ -s "$1/firewall.nft" ]; then run nft -c -f "$1/firewall.nft" && run nft -f "$1/firewall.nft" || { CODE=firewall-failed; return 1; }
	else nft delete table inet spanwire 2>/dev/null; fi
	[ "$1" = "$RUN/applied" ] || { rm -rf "$RUN/applied" && cp -R "$1" "$RUN/applied"; }
	[ ! -e "$ETC/fix" ] || open_firewall
}

made() { cat "$LIB/made" 2>/dev/null; }

remove_interface() { # NAME
	case $(init) in
		systemd) systemctl stop "spanwire-wg@$1" ;;
		openrc) rc-service "spanwire-wg.$1" stop; rm -f "/etc/init.d/spanwire-wg.$1" ;;
	esac >/dev/null 2>&1
	ip link del dev "$1" 2>/dev/null
	sed -i "/^$1\$/d" "$LIB/made"
	say "removed interface $1"
}

take_down() {
	made | while read -r name; do remove_interface "$name"; done
	nft delete table inet spanwire 2>/dev/null && say 'removed table inet spanwire'
	close_firewall
	rm -rf "$RUN/applied"
}

revert() { # VIEW WORDS: back to what is confirmed; that view is refused for 5 minutes
	echo "$1 $(($(uptime_s) + 300)) $2" > "$RUN/refused"
	say "the configuration on trial is taken back: $2"
	rm -rf "$LIB/pending"
	[ -e "$LIB/confirmed" ] || [ ! -e "$LIB/previous" ] || mv "$LIB/previous" "$LIB/confirmed"
	if [ -e "$LIB/confirmed" ]; then apply "$LIB/confirmed"; else take_down; fi
}

trial() { # applies $LIB/pending, which stays when the server is reached again. Who renames RUN/trial first has decided.
	triple "$LIB/pending" > "$RUN/trial"
	set -- "$(meta view "$LIB/pending")"
	detach sh "$SLOTS/current" _deadman "$1"
	CODE=interface-failed
	apply "$LIB/pending" || { ! mv "$RUN/trial" "$RUN/lost" 2>/dev/null || revert "$1" "$WHY"; return 1; }
	CODE=rolled-back
	while [ -e "$RUN/trial" ]; do
		report "$LIB/pending" > "$SCRATCH/report"
		WAIT=10 post '/node/v1/sync?hold=0' "$SCRATCH/report" "$SCRATCH/answer"
		case $STATUS in 200 | 204) ! mv "$RUN/trial" "$RUN/won" 2>/dev/null || { promote; return 0; } ;; esac
		TURN=$((TURN + 1))
		server
		sleep 1
	done
	WHY='with the new configuration the server was not reached within 45 s'
	# The dead-man may have finished while we were still applying: its word counts.
	[ ! -e "$LIB/confirmed" ] || apply "$LIB/confirmed"
	return 1
}

cmd_deadman() { # VIEW: a process of its own
	end=$(($(uptime_s) + 45))
	while [ "$(uptime_s)" -lt $end ]; do
		sleep 1
		grep -qs "$1" "$RUN/trial" || return 0
	done
	scratch deadman
	! mv "$RUN/trial" "$RUN/lost" 2>/dev/null || revert "$1" 'no answer from the server within 45 s'
}

promote() { # on disk before it is told
	rm -rf "$LIB/previous" "$RUN/refused"
	[ ! -e "$LIB/confirmed" ] || mv "$LIB/confirmed" "$LIB/previous"
	mv "$LIB/pending" "$LIB/confirmed"
	# The server that answers stays in the list, last: it is known to work.
	{ awk -v p="$PIN" '$1 == "server" { print $2, (NF > 2 ? $3 : p) }' "$LIB/confirmed/meta"; echo "$URL ${PIN:--}"; } |
		awk '!seen[$1]++' > "$ETC/new"
	cmp -s "$ETC/new" "$ETC/server" || { mv "$ETC/new" "$ETC/server" && TURN=0 && server; }
	sync
	say "revision $(meta revision) is confirmed"
}

take() { # TAR: 0 confirmed, 1 refused (CODE and WHY), 2 nothing to do
	CODE=bundle-refused
	unpack "$1" || return 1
	set -- "$LIB/incoming"
	if [ -e "$LIB/confirmed" ]; then
		WHY="the bundle is for node $(meta node "$1")"
		[ "$(meta node "$1")" = "$(meta node)" ] || return 1
		[ "$(triple "$1")" != "$(triple)" ] || return 2
		WHY="revision $(meta revision "$1") is older than the confirmed $(meta revision)"
		[ "$(meta epoch "$1")" != "$(meta epoch)" ] || [ "$(meta revision "$1")" -ge "$(meta revision)" ] || return 1
	fi
	# shellcheck disable=SC2046
	set -- "$(meta view "$1")" $(cat "$RUN/refused" 2>/dev/null)
	[ "$1" != "${2-}" ] || [ "$(uptime_s)" -ge "$3" ] || return 2
	meta tombstone "$LIB/incoming" > "$ETC/new"
	[ ! -s "$ETC/new" ] || mv "$ETC/new" "$ETC/tombstone"
	rm -rf "$LIB/pending"
	mv "$LIB/incoming" "$LIB/pending"
	trial
}

# ---- the path loop: measures, never waits for the network. All time is /proc/uptime.

tick() { # one look at all peers: what moved, who answered, whom to ask, what is missing
	now=$(uptime_s) dir=$RUN/tick
	wg show all transfer > "$dir/transfer" && wg show all latest-handshakes > "$dir/handshakes" || return
	ip -o addr show > "$dir/addr"
	our_routes > "$dir/route"
	[ "$PINGS" = 0 ] || kill -0 "$PINGS" 2>/dev/null || { wait "$PINGS"; PINGS=0; }
	for file in "$dir/state" "$RUN/applied/interfaces" "$RUN/applied/addresses" "$RUN/applied/routes" "$RUN/applied/probes"; do
		[ -e "$file" ] || : > "$file" || return
	done
	# shellcheck disable=SC2046
	awk -v now="$now" -v unix="$(date +%s)" -v v6="$(has_v6 && echo 1)" -v first="$CURSOR" -v busy="$PINGS" -v out="$dir/" '
		function turn(s) { print "turn", k, state[k], s; state[k] = s; since[k] = now }
		function ping() { print "ping", k, probe; sent[k]++; asked[k] = 1 }
		part == "state" { k = $1 " " $2; if ($4 > now) next
			state[k] = $3; since[k] = $4; heard[k] = $5; rtt[k] = $6; sent[k] = $7; lost[k] = $8; seen[k] = $9
			rx[k] = $10; hs[k] = $11; silent[k] = $12; due[k] = $13; rest[k] = $14; asked[k] = $15; timed[k] = $16 }
		part == "face" { mine[$1] = 1 }
		part == "transfer" { moved[$1 " " $2] = $3 }
		part == "hs" { shook[$1 " " $2] = $3 }
		part == "have" { up[$2] = 1; has[$2, $4] = 1 }
		part == "haveroute" { c = $1; sub(/.* dev /, ""); has[$1, c] = 1 }
		part == "addr" && !(($1, $2) in has) && (v6 || $2 !~ /:/) { print "addr", $1, $2 }
		part == "route" && (v6 || $2 !~ /:/) { c = $2; sub(/\/(32|128)$/, "", c); if (!(($1, c) in has)) print "route", $1, $2 }
		part == "probes" { k = $1 " " $2; if (!(k in moved)) mend = 1; order[n++] = k; to[k] = v6 && $3 != "-" ? $3 : $4 }
		part == "ping" && FNR == 1 { asker = $1 " " $2 }
		part == "ping" && match($0, /time[=<][0-9.]+/) { answer[asker] = substr($0, RSTART + 5, RLENGTH - 5) }
		END {
			for (k in mine) if (!(k in up)) mend = 1
			for (k in moved) { split(k, w, " "); if (w[1] in mine && !(k in to)) { order[n++] = k; to[k] = "-" } }
			for (i = 0; i < n; i++) {
				at = (i + first) % n; k = order[at]; probe = to[k]
				if (!(k in state)) { state[k] = "unknown"; since[k] = now; heard[k] = rtt[k] = seen[k] = rx[k] = hs[k] = "-"
					sent[k] = lost[k] = silent[k] = due[k] = rest[k] = asked[k] = timed[k] = 0 }
				new = k in answer
				if (new) { rtt[k] = answer[k]; timed[k] = now } else if (asked[k]) lost[k]++
				if (k in moved) { if (rx[k] != "-" && rx[k] != moved[k] && moved[k] > 0) new = 1; rx[k] = moved[k] }
				if (k in shook && shook[k] > 0 && shook[k] != hs[k]) {
					age = hs[k] == "-" ? unix - shook[k] : 0
					seen[k] = age >= 0 && age < now ? now - age : now; hs[k] = shook[k] }
				was = asked[k]; asked[k] = 0
				if (new) { heard[k] = now; silent[k] = rest[k] = 0; if (state[k] != "alive") turn("alive") }
				else if (was || !silent[k]) { silent[k]++; if (silent[k] == 3 && state[k] != "dead" && probe != "-") turn("dead") }
				if (probe == "-") { if (state[k] == "alive" && now - heard[k] > 180) turn("unknown") }
				else if (busy) continue
				else if (!new && (state[k] != "dead" || now >= due[k])) {
					if (asks++ < 64) { ping(); if (state[k] == "dead") { rest[k] = rest[k] ? (rest[k] > 15 ? 30 : 2 * rest[k]) : 3; due[k] = now + rest[k] } }
				} else if (new && now - timed[k] >= 30 && timings++ < 4) ping()
				if (asks == 64 && !cursor) cursor = at + 1
			}
			for (i = 0; i < n; i++) { k = order[i]
				line = k " " state[k] " " since[k] " " heard[k] " " rtt[k] " " sent[k] " " lost[k] " " seen[k]
				print line > (out "paths")
				print line, rx[k], hs[k], silent[k], due[k], rest[k], asked[k], timed[k] > (out "state.new") }
			print "cursor", cursor + 0
			if (mend) print "mend" }' part=state "$dir/state" part=face "$RUN/applied/interfaces" part=transfer "$dir/transfer" \
		part=hs "$dir/handshakes" part=have "$dir/addr" part=haveroute "$dir/route" part=addr "$RUN/applied/addresses" \
		part=route "$RUN/applied/routes" part=probes "$RUN/applied/probes" part=ping $(find "$dir" -name 'ping.*') > "$dir/orders" || return
	[ ! -e "$dir/paths" ] || { mv "$dir/paths" "$RUN/paths" && mv "$dir/state.new" "$dir/state"; }
	changed='' broken=''
	while read -r what a b c d; do
		case $what in
			turn) changed=1; say "$(awk -v k="$b" '$1 == k { print $2 }' "$RUN/applied/names") on $a is $d (was $c)" ;;
			cursor) CURSOR=$a ;;
			mend) broken=1 ;;
			addr | route) [ -e "$RUN/trial" ] || "put_$what" "$a" "$b" ;;
		esac
	done < "$dir/orders"
	[ -e "$RUN/trial" ] || each "$RUN/applied/sysctls" put_sysctl
	if [ "$PINGS" = 0 ]; then
		rm -f "$dir"/ping.*
		if grep -q ^ping "$dir/orders"; then ask "$dir" & PINGS=$!; fi
	fi
	[ "$MENDER" = 0 ] || kill -0 "$MENDER" 2>/dev/null || { wait "$MENDER"; MENDER=0; }
	if [ "$MENDER" = 0 ] && { [ -n "$broken" ] || [ $((now - MENDED)) -ge 60 ]; } && [ ! -e "$RUN/trial" ]; then
		MENDED=$now
		mend "$broken" &
		MENDER=$!
	fi
	# The server learns of a change at once: its held request is cut short.
	[ -z "$changed" ] || { read -r held 2>/dev/null < "$RUN/tmp.sync/held" && grep -qs curl "/proc/$held/comm" && kill "$held"; }
}

ask() { # DIR: all pings of a tick at once, over before the next
	grep ^ping "$1/orders" | { n=0
		while read -r _ face key address; do
			n=$((n + 1))
			{ echo "$face $key"; exec ping -n -c 1 -W 2 -I "$face" "$address"; } > "$1/ping.$n" 2>/dev/null &
		done
		wait; }
}

mend() { # [broken]: an interface or peer that went is put back; dead peers get their endpoint anew, names resolved again
	scratch mend
	if [ -n "$1" ]; then apply "$RUN/applied" || say "$WHY"
	else
		for name in $(interfaces); do
			endpoints "$RUN/applied/peers/$name" | while read -r key at; do
				! grep -q "^$name $key dead" "$RUN/paths" || wg set "$name" peer "$key" endpoint "$at"
			done
		done
	fi
	rm -rf "$SCRATCH"
}

path_loop() {
	mkdir -p "$RUN/tick"
	PINGS=0 MENDER=0 MENDED=0 CURSOR=0 next=0
	while :; do
		kill -0 "$SYNC" 2>/dev/null || { sync_loop & SYNC=$!; }
		tick
		read -r up _ < /proc/uptime
		up=${up%.*}${up#*.} next=$((next + 300))
		[ $next -gt "$up" ] && [ $next -le $((up + 300)) ] || next=$((up + 300))
		nap=$((next - up + 1000))
		sleep $((nap / 100 - 10)).${nap#"${nap%??}"} 2>/dev/null &
		wait $! || { sleep 3 & wait $!; }
	done
}

# ---- the sync loop: report, be held, apply

report() { # [DIR on trial]
	[ -z "${1-}" ] || set -- "trial $(triple "$1")
"
	# shellcheck disable=SC2046
	set -- "${1-}" $([ -e "$LIB/confirmed" ] && triple || echo 0 0 -)
	printf 'spanwire report 1\ninstance %s\nepoch %s\nrevision %s\nview %s\n%sscript %s\nuptime %s\nunix %s\n' "$(instance)" \
		"$2" "$3" "$4" "$1" "$VERSION $SHA" "$(cut -d' ' -f1 /proc/uptime)" "$(date +%s)"
	block loadavg < /proc/loadavg
	grep -E '^Mem(Total|Available)' /proc/meminfo | block meminfo
	head -n1 /proc/stat | block stat
	df -Pk / | block df
	block netdev < /proc/net/dev
	for name in $(interfaces); do
		for view in public-key listen-port endpoints latest-handshakes transfer allowed-ips; do
			# An error is never an empty answer.
			wg show "$name" $view > "$SCRATCH/view" && block "wg $name $view" < "$SCRATCH/view"
		done
	done
	[ ! -e "$RUN/paths" ] || block paths < "$RUN/paths"
	[ ! -e "$SCRATCH/notes" ] || block notes < "$SCRATCH/notes"
	[ ! -e "$SCRATCH/facts" ] || cmp -s "$SCRATCH/facts" "$SCRATCH/known" || block facts < "$SCRATCH/facts"
}

instance() { echo "$(cat /proc/sys/kernel/random/boot_id).$(cat "$RUN/starts" 2>/dev/null || echo 0)"; }
random16() { od -An -N2 -tu2 /dev/urandom | tr -d ' \n'; }

sync_loop() {
	trap tidy EXIT
	trap 'exit 0' TERM INT HUP
	LOCKED=''
	scratch sync
	AUTH=$ETC/curl.conf failures=0 looked=0
	while kill -0 $$ 2>/dev/null; do
		if [ $looked = 0 ] || [ $(($(uptime_s) - looked)) -gt 600 ]; then
			# Now and then: the first server of the list again, facts and notes anew, a log that does not grow.
			looked=$(uptime_s) TURN=0
			facts > "$SCRATCH/facts" 2>/dev/null
			notes > "$SCRATCH/notes" 2>/dev/null
			[ "$(wc -c < "$RUN/log")" -lt 262144 ] || : > "$RUN/log"
		fi
		server
		begun=$(uptime_s) hold=20 pause=0
		[ ! -e "$RUN/refused" ] || hold=0 pause=20
		report > "$SCRATCH/report"
		WAIT=35 post "/node/v1/sync?hold=$hold" "$SCRATCH/report" "$SCRATCH/answer"
		case $STATUS in
			200 | 204)
				tell "in sync with $URL"
				failures=0
				echo "$begun $STATUS $URL" > "$RUN/status"
				cp "$SCRATCH/facts" "$SCRATCH/known"
				if grep -qs "$SHA" "$SLOTS/trial"; then rm -f "$SLOTS/trial" "$RUN/guard"; fi
				[ "$(uptime_s)" -gt "$begun" ] || [ $pause -gt 0 ] || pause=1
				if [ "$STATUS" = 200 ]; then
					take "$SCRATCH/answer"
					case $? in
						0) pause=0 ;;
						1) tell "refused: $WHY"
							echo "- 0 $WHY" > "$RUN/refused"
							pause=20 ;;
						2) pause=20 ;;
					esac
				fi
				upgrade ;;
			woken) pause=$((begun + 2 - $(uptime_s))) ;;
			*)
				failures=$((failures + 1))
				refusal "$SCRATCH/answer"
				tell "$CODE: $WHY; everything stays as it is"
				echo "$begun $STATUS $CODE $WHY" > "$RUN/status"
				case $STATUS in
					401 | 403 | 410)
						if [ "$STATUS" = 410 ] && [ -s "$ETC/tombstone" ] && [ "$(header spanwire-tombstone "$SCRATCH/answer")" = "$(cat "$ETC/tombstone")" ]; then
							say 'this node was removed: cleaning up'
							detach sh "$SLOTS/current" leave
							sleep 30
						fi
						pause=$(backoff $failures 5 900 "$(random16)") ;;
					*)
						[ "$STATUS" != 426 ] || upgrade force
						TURN=$((TURN + 1))
						pause=$(backoff $failures 1 60 "$(random16)")
						after=$(header retry-after "$SCRATCH/answer")
						case $after in '' | *[!0-9]* | ????*) ;; *) [ "$after" -le "$pause" ] || pause=$after ;; esac ;;
				esac ;;
		esac
		[ $pause -le 0 ] || { sleep $pause & HELD=$!; wait $!; HELD=''; }
	done
}

# ---- two slots: the script replaces itself, and the old one returns when the new one does not sync within 2 minutes

sound() { sh -n "$1" && head -n1 "$1" | grep -qx '#!/bin/sh' && tail -n1 "$1" | grep -qx 'main "$@"'; }
sha() { sha256sum < "$1" | cut -d' ' -f1; }

slot_in() { # FILE: into the slot that is not in use
	case $(readlink "$SLOTS/current") in a) slot=b ;; *) slot=a ;; esac
	cp "$1" "$SLOTS/$slot.new" && chmod 700 "$SLOTS/$slot.new" && mv "$SLOTS/$slot.new" "$SLOTS/$slot" && use_slot $slot
}

use_slot() { ln -sfn "$1" "$SLOTS/next" && mv "$SLOTS/next" "$SLOTS/current"; }

upgrade() { # [force]
	new=$(awk '$1 == "script" { print $3 }' "$LIB/confirmed/meta")
	[ -n "${1-}" ] || { [ -n "$new" ] && [ "$new" != "$SHA" ]; } || return 0
	fetch /node/v1/script "$SCRATCH/script"
	[ "$STATUS" = 200 ] || return 0
	got=$(sha "$SCRATCH/script")
	[ "$got" != "$SHA" ] && { [ "$got" = "$new" ] || [ -n "${1-}" ]; } && sound "$SCRATCH/script" 2>/dev/null || return 0
	! grep -qsx "$got" "$SLOTS/refused" || return 0
	old=$(readlink "$SLOTS/current")
	echo "$got $old" > "$SLOTS/trial"
	slot_in "$SCRATCH/script" || return 0
	say 'a newer script takes over'
	kill -HUP $$
	sleep 5
}

guard() { [ ! -e "$SLOTS/trial" ] || [ -e "$RUN/guard" ] || { read -r new old < "$SLOTS/trial" && : > "$RUN/guard" && detach sh "$SLOTS/$old" _guard "$new" "$old"; }; }

cmd_guard() { # NEW OLD
	end=$(($(uptime_s) + 120))
	while [ "$(uptime_s)" -lt $end ]; do
		sleep 1
		grep -qs "$1" "$SLOTS/trial" || return 0
	done
	echo "$1" >> "$SLOTS/refused"
	use_slot "$2"
	rm -f "$SLOTS/trial" "$RUN/guard"
	say 'the newer script did not sync within 2 minutes: the one before returns'
	service restart
}

# ---- the service

install_units() {
	ln -sfn "$SLOTS/current" "$BIN"
	case $(init) in
		systemd)
			cat > /etc/systemd/system/spanwire-wg@.service <<-END
				[Unit]
				Description=WireGuard outside the kernel for %i
				Before=spanwire.service
				[Service]
				ExecStart=$BIN _wg %i
				Restart=always
				RestartSec=1
			END
			cat > /etc/systemd/system/spanwire.service <<-END
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
			cat > /etc/init.d/spanwire-wg <<-END
				#!/sbin/openrc-run
				supervisor=supervise-daemon
				command=$BIN
				command_args="_wg \${RC_SVCNAME#*.}"
			END
			cat > /etc/init.d/spanwire <<-END
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

service() { # start | stop | restart
	case $(init) in
		systemd) systemctl "$1" spanwire ;;
		openrc) rc-service spanwire "$1" >/dev/null ;;
		none)
			if [ "$1" != start ] && runner=$(holder run); then
				kill "$runner"
				sleep 1
				! holder run >/dev/null || kill -9 "$runner"
			fi
			[ "$1" = stop ] || holder run >/dev/null || detach sh "$SLOTS/current" run ;;
	esac
}

# ---- verbs

cmd_join() {
	scratch join
	trap tidy EXIT
	trap 'exit 1' TERM INT HUP
	URL=$SERVER_URL PIN=$SERVER_PIN
	[ -n "$URL" ] || [ ! -s "$ETC/server" ] || server
	if [ -n "$CHECK" ]; then
		preflight
		[ -z "$CODE" ] || exit 1
		say 'nothing stands in the way'
		return
	fi
	lock lock || fail locked 'another spanwire is at work on this machine' 'wait for it to end, then paste the line again'
	case $TOKEN in
		swj_*[!A-Za-z0-9_-]* | [!s]*) fail unknown 'this is not a join token' 'copy the whole line again' ;;
		'') [ -s "$ETC/curl.conf" ] || fail unknown 'a token is needed' 'copy the line from "Add node"' ; AUTH=$ETC/curl.conf ;;
		*) AUTH=$SCRATCH/token; printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" > "$AUTH" ;;
	esac
	[ -n "$URL" ] || fail unreachable 'this copy of the script knows no server' 'paste the whole line from the page'
	ticket=$(printf %s "$TOKEN" | sha256sum)
	TOKEN=''
	begin preflight
	preflight
	[ -z "$CODE" ] || fail "$CODE" "$SAYS" "$MEND"
	finish 'nothing stands in the way'
	begin keys
	keys
	same_machine
	[ -z "$FIX" ] || : > "$ETC/fix"
	sound "$SCRATCH/join" 2>/dev/null || fail malformed "what $URL/join gave is not the script" 'paste the line again'
	renewed=''
	cmp -s "$SCRATCH/join" "$SLOTS/current" || { slot_in "$SCRATCH/join" && renewed=1; }
	SHA=$(sha "$SLOTS/current")
	install_units
	finish "public key $PUBLIC"
	if [ -e "$LIB/confirmed" ] && { [ "$AUTH" = "$ETC/curl.conf" ] || [ "$ticket" = "$(cat "$ETC/ticket" 2>/dev/null)" ]; }; then
		AUTH=$ETC/curl.conf
		begin enrolled
		finish "is $(meta name) in $(meta network-name)"
		STEP=interface
		if ! holder run >/dev/null; then bring_up; fi
	else enrol; fi
	begin interface
	if [ -z "$FIX" ] && rejects=$(firewall_findings | head -n1) && [ -n "$rejects" ]; then
		fail host-firewall "the host firewall would reject the overlay: ${rejects##*|}" 'paste the line again with --fix'
	fi
	finish "$(awk '{ print $1, $2 }' "$RUN/applied/addresses" | tr '\n' ' ')"
	rm -rf "$RUN/lock" # `up` takes it
	if [ -n "$renewed" ]; then service restart; else service start; fi
	[ "$(init)" != none ] || say 'no systemd or OpenRC here: spanwire runs in the background, and nothing restarts it after a reboot'
	prove
}

enrol() {
	begin enrolled
	notes > "$SCRATCH/notes" 2>/dev/null
	{ printf 'spanwire enrol 1\ncredential-sha256 %s\npublic-key %s\ninstance %s\nmachine %s\nhostname %s\nscript %s\nunix %s\n' \
		"$(tr -d '\n' < "$ETC/credential" | sha256sum | cut -d' ' -f1)" "$PUBLIC" "$(instance)" "$(cat "$ETC/machine")" \
		"$(uname -n)" "$VERSION $SHA" "$(date +%s)"
		facts 2>/dev/null | block facts
		block notes < "$SCRATCH/notes"; } > "$SCRATCH/enrol"
	post /node/v1/enrol "$SCRATCH/enrol" "$SCRATCH/bundle"
	[ "$STATUS" = 200 ] || { refusal "$SCRATCH/bundle"; fail "$CODE" "$WHY" 'mend that, then paste the line again: it goes on from here'; }
	unpack "$SCRATCH/bundle" || fail bundle-refused "$WHY" 'report this'
	AUTH=$ETC/curl.conf
	echo "$URL ${PIN:--}" > "$ETC/server"
	rm -f "$RUN/refused"
	[ "$(meta node)" = "$(meta node "$LIB/incoming")" ] || rm -rf "$LIB/confirmed" "$LIB/previous"
	finish "is $(meta name "$LIB/incoming") in $(meta network-name "$LIB/incoming")"
	STEP=interface
	take "$SCRATCH/bundle"
	[ $? != 1 ] || fail "$CODE" "$WHY" 'mend that, then paste the line again'
	echo "$ticket" > "$ETC/ticket"
}

prove() { # measured, not configured
	set -- "$(interfaces | head -n1)"
	if [ ! -s "$RUN/applied/probes" ]; then say 'no other machine is in this network yet: its first member proves the tunnels'; return; fi
	begin handshake
	for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		peer=$(wg show "$1" latest-handshakes | awk -v now="$(date +%s)" '$2 > b { b = $2; k = $1 } END { if (b) print k, now - b }')
		[ -z "$peer" ] || break
		sleep 1
	done
	gate=$(awk '{ print $2; exit }' "$RUN/applied/probes")
	[ -n "$peer" ] || fail no-handshake "no handshake with $(wg show "$1" endpoints | head -n1 | cut -f2) after 20 s" \
		"open the gateway's UDP port, and let this machine send UDP out; the tunnel comes up by itself then"
	gate=${peer% *}
	finish "handshake with $(awk -v k="$gate" '$1 == k { print $2 }' "$RUN/applied/names"), ${peer#* } s ago"
	begin reachable
	to=$(awk -v k="$gate" -v v6="$(has_v6 && echo 1)" '$2 == k { print v6 && $3 != "-" ? $3 : $4; exit }' "$RUN/applied/probes")
	rtt=$(ping -n -c 3 -W 3 "$to" 2>/dev/null | sed -n 's/.* = [0-9.]*\/\([0-9.]*\)\/.*/\1/p')
	[ -n "$rtt" ] || fail no-reply "handshake, but $to does not answer through the tunnel" 'look at the host firewall of both machines'
	finish "$to answered, round trip $rtt ms"
}

bring_up() { # from the disk alone
	[ -e "$LIB/confirmed" ] || [ ! -e "$LIB/previous" ] || mv "$LIB/previous" "$LIB/confirmed"
	[ -e "$LIB/confirmed" ] || fail not-joined 'this machine has no confirmed configuration' 'paste the line from "Add node"'
	same_machine
	# A trial that was cut short by a restart is lost.
	mv "$RUN/trial" "$RUN/lost" 2>/dev/null
	rm -rf "$LIB/pending"
	apply "$LIB/confirmed" || fail interface-failed "$WHY" 'mend that, then run "spanwire up"'
}

cmd_up() {
	scratch up
	trap tidy EXIT
	lock lock || fail locked 'another spanwire is at work on this machine' 'wait for it to end'
	bring_up
	say "revision $(meta revision) is up"
}

cmd_run() {
	scratch run
	trap tidy EXIT
	lock run || fail locked 'spanwire runs already' 'see "spanwire status"'
	SYNC=''
	trap 'kill $SYNC; exit 0' TERM INT
	trap 'kill $SYNC; tidy; exec sh "$SLOTS/current" run' HUP
	[ -e "$RUN/applied" ] || bring_up
	same_machine
	SHA=$(sha "$SLOTS/current")
	echo $(($(cat "$RUN/starts" 2>/dev/null || echo 0) + 1)) > "$RUN/starts"
	touch "$RUN/log"
	guard
	path_loop
}

cmd_status() {
	[ -e "$LIB/confirmed" ] || { say 'not joined'; return 1; }
	say "$(meta name) in $(meta network-name), $(meta role), revision $(meta revision); $(holder run >/dev/null && echo running || echo NOT running)"
	[ ! -e "$RUN/status" ] || { read -r at words < "$RUN/status" && say "server: $words, $(($(uptime_s) - at)) s ago"; }
	awk -v now="$(uptime_s)" 'NR == FNR { n[$1] = $2; next } { printf "  %s %s %s for %d s, heard %s s ago, RTT %s ms\n", $1, n[$2], $3, now - $4,
		$5 == "-" ? "-" : now - $5, $6 }' "$RUN/applied/names" "$RUN/paths"
}

cmd_leave() {
	scratch leave
	say 'leaving: this machine stays in the console until it is removed there'
	[ "$(init)" = none ] || service stop 2>/dev/null
	case $(init) in systemd) systemctl -q disable spanwire 2>/dev/null ;; openrc) rc-update -q del spanwire ;; none) service stop ;; esac
	take_down
	for file in /etc/systemd/system/spanwire.service /etc/systemd/system/spanwire-wg@.service /etc/init.d/spanwire /etc/init.d/spanwire-wg "$BIN" "$ETC" "$LIB" "$RUN"; do
		if [ -e "$file" ] || [ -L "$file" ]; then rm -rf "$file" && say "removed $file"; fi
	done
	[ "$(init)" != systemd ] || systemctl daemon-reload
}

cmd_wg() { # NAME: in the foreground
	tool=$(user_wg) || exit 1
	case $tool in *boringtun*) exec "$tool" -f --disable-drop-privileges "$1" ;; *) exec "$tool" -f "$1" ;; esac
}

main() {
	[ $# = "$GIVEN" ] || exit 1 # the last line was cut
	umask 077
	set -u
	export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	TOKEN=${SPANWIRE_TOKEN-} CHECK='' FIX='' INSTALL='' verb=''
	unset SPANWIRE_TOKEN
	case ${1-} in join | up | run | status | leave) verb=$1; shift ;; _*) verb=${1#_}; shift; "cmd_$verb" "$@"; exit ;; esac
	while [ $# -gt 0 ]; do
		case $1 in
			--token) TOKEN=${2-}; shift ;;
			--token-file) TOKEN=$(cat "${2-}") || exit 1; shift ;;
			--install-packages) INSTALL=1 ;;
			--fix) FIX=1 ;;
			--check) CHECK=1 ;;
			--local) ;;
			*) fail usage "unknown: $1" 'spanwire [join|up|run|status|leave] [--token T | --token-file F] [--check] [--fix] [--install-packages]' ;;
		esac
		shift
	done
	"cmd_${verb:-join}"
}

main "$@"
