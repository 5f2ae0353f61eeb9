#!/bin/sh
# Spanwire's part for paths on a node: further interfaces beside the base, and for each destination the first way that lives
# (docs/paths.md). It follows `applied/paths/*` of the core (spanwire.sh), whose words it speaks.
# AllowedIPs never move, only routes do, so each machine decides alone and in any order. No decision waits for the network, and time is
# /proc/uptime; the wall clock only says when both ends of a direct path try at once.
# Unquoted are our own words and what passed a grammar: no space, no pattern.
# shellcheck disable=SC2013,SC2015,SC2016,SC2020,SC2030,SC2031,SC2034,SC2046,SC2086,SC2153,SC2154,SC2317,SC3013
# W outlives reboots: interfaces made here, their ports. In the core's directory are ways/ and blocks of the report.
W=/var/lib/spanwire/paths D=/etc/systemd/networkd.conf.d/10-spanwire.conf

{ # run only when whole: a download cut short does nothing

# ---- prefixes as text of bits, for what lies inside of what

BITS='
function four(hex,   i, out) {
	if (!("f" in nib)) for (i = 0; i < 16; i++)
		nib[substr("0123456789abcdef", i + 1, 1)] = int(i / 8) int(i / 4) % 2 int(i / 2) % 2 i % 2
	hex = substr("0000" hex, length(hex) + 1)
	for (i = 1; i <= 4; i++) out = out nib[substr(hex, i, 1)]
	return out
}
function bits(cidr,   half, part, tail, n, m, i, b, out) {
	if (cidr in memo) return memo[cidr]
	split(cidr, half, "/")
	if (cidr ~ /:/) {
		n = split(half[1], part, "::")
		m = n > 1 && part[2] != "" ? split(part[2], tail, ":") : 0
		n = part[1] != "" ? split(part[1], part, ":") : 0
		out = "6"
		for (i = 1; i <= n; i++) out = out four(part[i])
		for (i = n + m; i < 8; i++) out = out four("0")
		for (i = 1; i <= m; i++) out = out four(tail[i])
	} else {
		out = "4"
		split(half[1], part, ".")
		for (i = 1; i <= 4; i++) for (b = 128; b >= 1; b /= 2) out = out int(part[i] / b) % 2
	}
	return memo[cidr] = half[2] == "" ? out : substr(out, 1, half[2] + 1)
}
function inside(a, b) { return index(bits(a), bits(b)) == 1 }
'

# ---- what the bundle says

look() { # SEEN: the view that is applied; nothing while it is being changed
	SEEN=''
	while read -r word value; do [ "$word" != view ] || SEEN=$value; done 2>/dev/null <applied/meta
}

wrong() { # DIR: says what in it is not as the protocol has it
	cd $1 || return
	key='[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=' n='(0|[1-9][0-9]{0,9})' name='[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
	v4='[0-9]{1,3}([.][0-9]{1,3}){3}' v6='[0-9a-f]*:[0-9a-f:]*'
	cidr="($v4/[0-9]{1,2}|$v6/[0-9]{1,3})"
	host="($v4|[[]${v6}[]]|[a-z0-9][a-z0-9.-]{0,252}):$n"
	base=$(sed -n 's/^base //p' settings)
	face="(none$(cut -d' ' -f1 interfaces | sed 's/^/|/' | tr -d '\n'))" # only those that the bundle itself makes
	for word in role base mark overlay source keepalive; do
		[ "$(grep -c "^$word " settings)" = 1 ] || { echo "settings: no $word, or two"; return 1; }
	done
	# The one interface that is not made here.
	grep -q "^$base " $R/applied/interfaces || { echo "settings: $base is not the base"; return 1; }
	for file in settings interfaces * peers/*; do
		case $file in
			peers | 'peers/*') continue ;;
			settings) line="role (member|gateway)|base [a-z][a-z0-9_-]{0,9}|mark 14080|(overlay|own|pods|routes)( $cidr)*|source $v4 $v6|(keepalive|number) $n" ;;
			interfaces) line="$base(b|d|g[1-9][0-9]{0,2}) $n $n (main|direct)" ;;
			addresses | routes) line="$face $cidr" ;;
			peers/*) line="([[]Peer[]]|(PublicKey|PresharedKey) = $key|AllowedIPs = $cidr(, $cidr)*|PersistentKeepalive = (off|$n)|Endpoint = $host)?" ;;
			probes) line="$face $key (-|$v6) (-|$v4)" ;;
			names) line="$key $name" ;;
			endpoints) line="$key (lan|declared|observed) $host" ;;
			destinations) line="(default|$name) $cidr(,$cidr)*( (default|($face|$base)(:$key)?))+" ;;
			*) echo "$file: no such file in the protocol"; return 1 ;;
		esac
		bad=$(grep -Envm1 "^($line)$" $file)
		[ $? = 1 ] || { echo "$file:${bad%%:*}: ${bad#*:}: not as the protocol says" | tr -cd ' -~' | head -c 300; return 1; }
	done
	for face in $(cut -d' ' -f1 interfaces); do [ -e peers/$face ] || { echo "peers.$face is missing"; return 1; }; done
}

take_over() { # the files of SEEN, when all of them are there and right; else all stays as it is
	rm -rf $S/is && mkdir -p $S/is/peers || return
	# A bundle is applied by removing the directory and copying another: what is half there fails its sums.
	( q cd applied && grep -E '  (meta|paths/[a-z0-9._-]+)$' SHA256SUMS >$R/$S/sums && q sha256sum -c $R/$S/sums >/dev/null &&
		q grep -qx "view $SEEN" meta && sed -n 's|.*  paths/||p' $R/$S/sums >$R/$S/files &&
		while read -r file; do
			case $file in peers.*) cp paths/$file $R/$S/is/peers/${file#*.} ;; *) cp paths/$file $R/$S/is/ ;; esac || exit
		done <$R/$S/files ) || return
	if [ ! -s $S/files ]; then
		linger $S/is
		VIEW=$SEEN
		unroute
		rm -rf ways/is
		[ $GONE != 0 ] || withdraw
		return
	fi
	for file in interfaces addresses routes probes names endpoints destinations; do touch $S/is/$file; done
	if WHY=$(wrong $S/is); then
		REFUSED='' VIEW=$SEEN
		mkdir -p ways
		linger $S/is
		rm -rf ways/is && mv $S/is ways/is
		learn
		set_faces
		# New tunnels: measured within a minute.
		[ $((NOW - MEASURED)) -ge 540 ] || MEASURED=$((NOW - 540))
	else
		[ "$REFUSED" = "$WHY" ] || say "paths: refused: ${WHY:-the files of the bundle are not whole}"
		# Once a view: nothing in it will change.
		REFUSED=${WHY:-not whole} VIEW=$SEEN TELL=1
	fi
}

linger() { # DIR: direct peers that it lacks, and whose addresses nobody else has, are heard for 10 s: their end may not know
	face=$(q sed -n 's/ .* direct$//p' ways/is/interfaces)
	[ -n "$face" ] || return 0
	awk 'BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" }
		{ known = f == "n"; for (i = 1; i <= NF; i++) if ($i ~ /^(Pub|All)/) { if ($i in here) known = 1; here[$i] } }
		!known && /AllowedIPs/' f=n $(q ls $1/peers/$face) f=o $(q ls ways/gone.$face) ways/is/peers/$face >$S/gone
	mv $S/gone ways/gone.$face
	[ ! -s ways/gone.$face ] || [ $GONE != 0 ] || GONE=$((NOW + 10))
}

learn() { # what does not change before the next bundle
	BASE=$(sed -n 's/^base //p' ways/is/settings) KEEP=$(sed -n 's/^keepalive //p' ways/is/settings)
	mkdir -p ways/new
	for file in table chosen fresh pong shook ends points have4 have6; do [ -e ways/$file ] || : >ways/$file; done
	# Beside what the main table carries by the base are only ranges outside of overlay and pods: LANs behind nodes.
	awk "$BITS"'
		f == "s" { if ($1 ~ /^(overlay|pods)$/) for (i = 2; i <= NF; i++) within[++n] = $i; next }
		{ inner = outer = ""; m = split($2, range, ",")
			for (i = 1; i <= m; i++) {
				for (j = n; j && !inside(range[i], within[j]); j--) ;
				if (j) inner = inner "," range[i]; else outer = outer "," range[i]
			}
			ways = $3
			for (i = 4; i <= NF; i++) ways = ways "," $i
			print $1, ways, inner == "" ? "-" : substr(inner, 2), outer == "" ? "-" : substr(outer, 2) }' \
		f=s ways/is/settings f=d ways/is/destinations >ways/plan
	printf '%s\n' 'route show table all proto 78' 'rule show' "route show dev $BASE" 'addr show' 'route show table main proto kernel' >ways/ask
	TALK=$(q grep -o 'set talk[46]' applied/firewall.nft)
}

# ---- interfaces

here() { # WORD…: a word of the core that notes interfaces, with our notes
	L=$W
	"$@"
	set -- $?
	L=/var/lib/spanwire
	return $1
}

set_faces() { # made, with keys, peers and MTU; those that the bundle names no more go
	while read -r face port mtu kind; do
		set_face $face $port $mtu $kind || trouble "$face: $WHY"
	done <ways/is/interfaces
	for face in $(q cat $W/made); do
		grep -q "^$face " ways/is/interfaces && continue
		[ $face = ${BASE}d ] && [ $GONE != 0 ] || here remove $face
	done
	for face in $BASE $(cut -d' ' -f1 ways/is/interfaces); do put_sysctl net.ipv4.conf.$face.rp_filter 2; done
	AIM=1
	note_direct
}

set_face() { # NAME PORT MTU main|direct
	here make_interface $1 || return
	port=$2 key=$E/private.key kept=$W/port.$1
	[ $4 = main ] || key=$E/direct.key kept=$W/port.direct
	# Any port, but the same one as long as it is free: others know it.
	if [ $port = 0 ]; then
		port=$(wg show $1 listen-port)
		[ $port != 0 ] || port=$(q cat $kept || echo 0)
	fi
	if [ "$(stamp $1 $port)" != "$(q cat ways/set.$1)" ]; then
		conf $1 $4 $port $key
		set_peers $1 $S/conf || return
	fi
	if ! run ip link set $1 mtu $3 up; then
		# Of the direct one the server learns the port from us.
		[ $2 = 0 ] || [ $4 = direct ] || return
		conf $1 $4 0 $key
		set_peers $1 $S/conf && run ip link set $1 mtu $3 up || return
	fi
	rm -f $S/conf
	[ $2 != 0 ] && [ $4 = main ] || wg show $1 listen-port >$kept
	stamp $1 $(wg show $1 listen-port) >ways/set.$1
}

# wireguard-go opens its port anew at each syncconf and loses what comes in meanwhile, so only when something differs.
stamp() { { echo $2; q cat ways/is/peers/$1 ways/gone.$1; q wg show $1 allowed-ips; q wg show $1 listen-port; } | sha; } # NAME PORT

conf() { # NAME main|direct PORT KEYFILE: endpoints are set one by one; a direct peer that nobody tries is left in peace
	{ printf '[Interface]\nFwMark = 0x3700\nListenPort = %s\n' $3
		sed 's/^/PrivateKey = /' $4
		awk -v face=$1 -v direct=$([ $2 = main ] || echo 1) '$1 == face && f == "t" { if ($3 == "alive" || $17 > 0) busy[$2]; next }
			f == "b" && $1 == face { pair[$2] }
			f != "p" { next }
			/^PublicKey/ { idle = direct && $3 in pair && !($3 in busy) }
			/^Endpoint/ { next }
			/^PersistentKeepalive/ && idle { $0 = "PersistentKeepalive = off" }
			{ print }' f=t ways/table f=b ways/is/probes f=p $(q ls ways/gone.$1) ways/is/peers/$1; } >$S/conf
}

aim_faces() { # endpoints, resolved anew, of whom nobody hears: who lives may have roamed
	for face in $(cut -d' ' -f1 ways/is/interfaces); do
		q wg show $face latest-handshakes | awk -v face=$face -v unix=$(date +%s) 'f == "t" { if ($1 == face) state[$2] = $3; next } f == "s" { age[$1] = $2 ? unix - $2 : 999; next }
			$1 == "PublicKey" { k = $3; lives = k in state ? state[k] == "alive" : age[k] >= 0 && age[k] < 180 }
			$1 == "Endpoint" && !lives { print $3, k }' f=t ways/table f=s - f=p ways/is/peers/$face |
			while read -r to key; do q wg set $face peer $key endpoint $to; done
	done
}

point() { # FACE KEY ENDPOINT|- KEEPALIVE, a line each
	while read -r face key to keep; do
		if [ $to = - ]; then q wg set $face peer $key persistent-keepalive $keep
		else q wg set $face peer $key endpoint $to persistent-keepalive $keep & fi # a name may take its time
	done
	wait
}

# ---- the tick

beat() {
	read -r up _ </proc/uptime
	NOW=${up%.*} UNIX=0
	look
	[ -z "$SEEN" ] || [ "$SEEN" = "$VIEW" ] || take_over
	[ $GONE = 0 ] || [ $NOW -lt $GONE ] || {
		GONE=0
		rm -f ways/gone.*
		if [ -d ways/is ]; then set_faces; else withdraw; fi
	}
	[ -s ways/is/settings ] || { [ -z "$REFUSED" ] || echo refused $REFUSED >part/ways; return 0; }
	[ $((BEATS % 20)) != 19 ] || set_faces
	# Just now another bundle is copied there.
	[ -e applied/names ] && q wg show all transfer >ways/moved || return
	if [ $((BEATS % 5)) = 0 ] || [ -s ways/points ] || [ -n "$AIMER" ]; then
		TELL=1
		q wg show all latest-handshakes >ways/shook
		endpoints >ways/ends
	fi
	[ ! -s ways/is/endpoints ] || UNIX=$(date +%s)
	reap PINGS
	q ip -4 -o -force -b ways/ask >ways/have4
	[ -z "$V6" ] || q ip -6 -o -force -b ways/ask >ways/have6
	decide || return
	BEATS=$((BEATS + 1)) TELL=''
	for family in 4 6; do
		# Tried again at each tick, said once.
		[ ! -s ways/do$family ] || q ip -$family -force -b ways/do$family || trouble "ip did not do all of: $(head -n 3 ways/do$family)"
	done
	[ ! -s ways/points ] || { point <ways/points & }
	[ -n "$PINGS" ] || { : >ways/pong; [ ! -s ways/pings ] || { ping_silent & PINGS=$!; }; }
	FLAGS=''
	read -r FLAGS <ways/flags
	case $FLAGS in *mend*) set_faces ;; esac
	case $FLAGS in *aim*) AIM=1 ;; esac
	reap AIMER
	[ -z "$AIM$AIMER" ] || [ -n "$AIMER" ] || { AIM=''; aim_faces & AIMER=$!; }
	case $FLAGS in *tell) mv ways/report part/ways ;; esac
	[ ! -s ways/said ] || { sed 's/^/spanwire: paths: /' ways/said; wake; AGAIN=$((NOW + 3)); }
	# Once more when that was between two requests, the second of which had begun to be written.
	[ $AGAIN = 0 ] || [ $NOW -lt $AGAIN ] || { AGAIN=0; wake; }
}

# `wg` names the interface before its first peer only, and before the next one where it has none.
endpoints() { q wg show all endpoints | awk 'NF > 2 { face = $(NF - 2) } { print face, $(NF - 1), $NF }'; }

trouble() { [ "$LAST" = "$1" ] || say "paths: $1"; LAST=$1; }

ping_silent() { # over before the next tick; a ping by itself, since each has an interface
	while read -r face key to; do
		{ out=$(q ping -n -c 1 -W 2 -I $face $to) && out=${out#*time[=<]} && echo $face $key ${out%% *} >>ways/pong; } &
	done <ways/pings
	wait
}

# A row of `table` is a peer: the first nine columns are the protocol's.
decide() { # all rules of this part, from what stands to what is to be done
	for file in pings points said flags report do4 do6 new/fresh; do : >ways/$file; done
	awk -v now=$NOW -v unix=$UNIX -v v6=$V6 -v beats=$BEATS -v busy=$PINGS -v begun=$BEGUN -v tell=$TELL -v refused="$REFUSED" "$BITS"'
	f == "t" { old[$1 " " $2] = $0; next }
	f == "g" { count[$1] = NF; for (i = 2; i <= NF; i++) set[$1, i] = $i; next }
	f == "i" { faces[++nf] = $1; kind[$1] = $4; next }
	f == "n" { name[$1] = $2; next }
	f == "b" { k = $1 " " $2; order[n++] = k; to[k] = v6 && $3 != "-" ? $3 : $4; peer[$1] = $2; next }
	f == "e" { tries[$1] = tries[$1] (tries[$1] == "" ? "" : ",") $3; next }
	f == "y" { fresh[$0]; next }
	f == "c" {
		if ($1 in kind) next
		k = $1 " " $2; state[k] = $3; since[k] = $4; peer[$1] = $2
		# Who joined has nothing to come back from.
		if ($3 == "unknown" || k in fresh && ($3 == "dead" || now - $4 < 30)) { wait[k] = 0; print k > "ways/new/fresh" }
		next
	}
	f == "m" { moved[$1 " " $2] = $3; out[$1 " " $2] = $4; next }
	f == "s" { shook[$1 " " $2] = $3; next }
	f == "x" { ends[$1 " " $2] = $3 ~ /:/ ? $3 : "-"; next }
	f == "a" { answer[$1 " " $2] = $3; next }
	f == "w" { was[$1] = $2; from[$1] = $3; cause[$1] = $4; turns[$1] = $5; list[$1] = $6; next }
	f == "p" { dest[++nd] = $1; ways[nd] = $2; inner[nd] = $3; outer[nd] = $4; next }
	f == "A" { place[++np] = $1 " " $2; next }
	f == "R" { add("main", "", $2, $1); next }
	f ~ /[46]/ { stands() }

	# What stands: our routes, rules, routes by the base, addresses, connected networks; a rule or an address ends a list of routes.
	function stands(   i, type, at, key, text) {
		if (FNR == 1) part = 1
		if ($1 ~ /^[0-9]+:$/) {
			part = $2 ~ /^(from|not)$/ ? 2 : 4
			if (part == 4) { stand[$2 " " $4]; if ($2 in kind && $4 !~ /^fe80:/) extra[f, $2 " " $4] }
			else if ($1 ~ /^(7690|7695|7700):$/ && $3 == "all") {
				text = "pref " substr($1, 1, 4)
				for (i = 4; i <= NF; i++) if ($i == "proto") i++; else if ($i != "[detached]") text = text " " $i
				ruled[f " " text]
			}
			return
		}
		if (part == 2 || part == 4) part++
		i = 1
		if ($1 ~ /^(throw|unreachable)$/) type = $(i++)
		at = $i; key = "main"; text = ""
		for (i++; i < NF; i++) {
			if ($i == "table") key = $(i + 1)
			if ($i == "dev" || $i == "src") { text = text " " $i " " $(i + 1); if ($i == "dev") via[at, part] = $(i + 1) }
		}
		if (part == 1) have[f " " key " " at] = type == "" ? substr(text, 2) : type
		else if (part == 3 && at ~ /\//) copies[++nc] = at
		else if (part == 5 && at !~ /^(fe80|ff00|default)/ && index(via[at, part], set["base", 2]) != 1) connected[++nn] = at
	}

	function turn(to) {
		print ($2 in name ? name[$2] : $2), "on", $1, "is", to > "ways/said"
		if ($3 == "alive") $16 = 30 # from then on it has to be well for longer
		$3 = to; $4 = now; changed = 1
	}

	# A direct path counts when it has been proven, any other until it is silent.
	function id(way,   at) { split(way, at, ":"); return at[1] " " (at[2] == "" ? peer[at[1]] : at[2]) }
	function face(way) { sub(/:.*/, "", way); return way }
	function live(way) { return way == "default" || (kind[face(way)] == "direct" ? state[id(way)] == "alive" : state[id(way)] != "dead") }
	function settled(way,   k) { k = id(way); return way == "default" || state[k] == "alive" && now - since[k] >= (k in wait ? wait[k] : 30) }
	function first(all, has,   way, i, m, holds) {
		m = split(all, way, ",")
		holds = has != "" && index("," all ",", "," has ",") && live(has)
		for (i = 1; i <= m; i++) if (live(way[i]) && (!holds || way[i] == has || settled(way[i]))) return way[i]
		return gateway ? "unreachable" : way[1]
	}

	function add(table, type, range, dev, src,   family, key) {
		family = range ~ /:/ ? 6 : 4
		if (family == 6 && !v6 || range == "-") return
		if (family == 6) sub(/\/128$/, "", range); else sub(/\/32$/, "", range)
		key = family " " table " " range
		if (!(key in wish)) wish[key] = type != "" ? type : "dev " dev (src ? " src " set["source", family == 6 ? 3 : 2] : "")
	}
	function adds(table, type, ranges, dev, src,   range, i, m) {
		m = split(ranges, range, ",")
		for (i = 1; i <= m; i++) add(table, type, range[i], dev, src)
	}
	function rule(text) { rules["4 " text]; if (v6) rules["6 " text] }
	function go(table, type, i, dev, src) { adds(table, type, inner[i], dev, src); adds(table, type, outer[i], dev, src) }

	END {
		base = set["base", 2]; gateway = set["role", 2] == "gateway"; keep = set["keepalive", 2]; minute = int(unix / 60)
		# 1. Who is alive. Columns: 5 heard 6 rtt 7 sent 8 lost 9 handshake seen 10 received 11 handshake 12 silent ticks 13 asked
		# 14 answered 15 unanswered 16 to be well for 17 try 18 of 19 minutes between tries 20 minute of the last 21 endpoints 22 last tried
		for (i = 0; i < n; i++) { # elsewhere at each tick: 64 pings reach all in turn
			k = order[(i + 61 * beats) % n]
			direct = kind[of(k)] == "direct"
			$0 = k in old ? old[k] : k " unknown " now " - - 0 0 - - - 0 0 -99 0 " (direct ? 6 : 30) " 0 0 1 -1 -"
			was_alive = $3 == "alive"
			pong = k in answer
			if (pong) { $6 = answer[k]; $14 = now; $15 = 0 } else if ($13) { $8 += 1; $15 += 1 }
			# By IPv4 an answer may come another way; a handshake proves both directions too.
			proof = pong || direct && to[k] !~ /:/ && shook[k] > 0 && shook[k] != $11
			new = proof || $10 != "-" && $10 != moved[k] && moved[k] > 0
			$10 = k in moved ? moved[k] : "-"
			if (shook[k] > 0 && shook[k] != $11) { $9 = now; $11 = shook[k] }
			if (new) $5 = now
			# A counter that moves shows that we hear; only an answer shows that we are heard.
			if (new && ($15 < 5 || $14 < 0)) { $12 = 0; if ($3 != "alive" && (proof || !direct)) turn("alive") }
			else if ($3 != "dead" && ($15 >= 5 && $14 >= 0 || ($13 || !$12) && ($12 += 1) >= 3)) turn("dead")
			if (!(k in moved)) mend = 1
			else if (direct) {
				m = split(tries[$2], at, ",")
				told = tries[$2] == "" ? "-" : tries[$2]
				if ($3 == "alive") { if ($17 || !was_alive) print $1, $2, "-", keep > "ways/points"; $17 = 0; $19 = 1 }
				else if (m && (told != $21 || was_alive || !$17 && minute != $20 && minute % $19 == 0)) {
					if (told != $21 || was_alive) $19 = 1
					$17 = 1; $18 = $22 = now; $20 = minute; print $1, $2, at[1], keep > "ways/points" }
				else if ($17 && $17 < m && now - $18 >= 15) { $17 += 1; $18 = now; print $1, $2, at[$17], keep > "ways/points" }
				# The last one has longer: both ends come to it, each after as many as it has.
				else if ($17 && now - $18 >= 45) { $17 = 0; if ($19 < 64) $19 *= 2; print $1, $2, "-", "off" > "ways/points" }
				$21 = told
				# The next tick, when a round has just ended in a minute in which one may begin.
				due = minute % $19 || minute == $20 ? (int(minute / $19) + 1) * $19 * 60 - unix : 3
				if (m && $22 && $3 != "alive") tried[i] = "try " $1 " " $2 " " $22 " " ($17 ? "-" : now + due)
			} else if ($3 == "dead" && (now - $4) % 15 < 3) aim = 1
			$13 = to[k] != "-" && !busy && (!direct || $3 == "alive" || $17 || new) && (!new || $15 || now - $14 >= 9) && asks++ < 64
			if ($13) { $7 += 1; print k, to[k] > "ways/pings" }
			state[k] = $3; since[k] = $4; wait[k] = $16
			row[i] = $0
			peers[i] = "peer " $1 " " $2 " " $3 " " $4 " " $5 " " $6 " " $7 " " $8 " " $9 " " (k in ends ? ends[k] : "-") " " (k in moved ? moved[k] " " out[k] : "0 0")
		}
		printf "" > "ways/new/table"
		for (i = 0; i < n; i++) print row[i] > "ways/new/table"

		# 2. The way of each destination.
		printf "" > "ways/new/chosen"
		for (i = 1; i <= nd; i++) {
			d = dest[i]
			way[i] = first(ways[i], d in was ? was[d] : "")
			if (!(d in was)) { from[d] = now; cause[d] = begun ? "plan" : "boot"; turns[d] = 0 }
			else if (was[d] != way[i]) {
				cause[d] = list[d] != ways[i] ? "plan" : was[d] != "unreachable" && !live(was[d]) ? "dead" : "better"
				from[d] = now; turns[d]++; changed = 1
				print d, "goes by", (way[i] == "default" ? "its default way" : way[i]) ":", cause[d] > "ways/said"
			}
			if (d == "default") usual = face(way[i])
			print d, way[i], from[d], cause[d], turns[d], ways[i] > "ways/new/chosen"
		}

		# 3. What is to stand. The first wish for a prefix counts: what must stay here, then what goes elsewhere.
		rule("pref 7690 fwmark 0x3700 lookup main")
		rule("pref 7700 lookup 7700")
		for (j = 2; j <= count["own"]; j++) add(7700, "throw", set["own", j])
		for (j = 2; j <= count["routes"]; j++) lans = lans "," set["routes", j]
		for (i = 0; i <= nd; i++) {
			m = split(i ? outer[i] : substr(lans, 2), range, ",")
			for (j = 1; j <= m; j++) {
				if (range[j] == "-") continue
				for (c = 1; c <= nn; c++) if (inside(connected[c], range[j])) add(7700, "throw", connected[c])
					else if (inside(range[j], connected[c])) add(7700, "throw", range[j])
				# Answers to our own packets would be taken for forged, and the tunnel would go into itself.
				for (k in ends) {
					host = ends[k]
					if (host == "-" || !(of(k) in kind) && of(k) != base) continue
					sub(/:[0-9]+$/, "", host); gsub(/[][]/, "", host)
					if (inside(host, range[j])) add(7700, "throw", host)
				}
			}
		}
		for (k in wish) if (k ~ / main / && k ~ /:/) { split(k, at, " "); probes[++nr] = at[3] }
		for (i = 1; i <= nd; i++) {
			d = dest[i]; dev = way[i] == "default" ? usual : face(way[i])
			if (d == "default") continue
			if (dev == "unreachable") go(7700, "unreachable", i)
			else if (gateway) { if (dev == base) adds(7700, "", outer[i], dev, 1); else go(7700, "", i, dev, 1) }
			else if (dev != usual) go(7700, "", i, dev, 1)
		}
		for (i = 1; i <= nd; i++) if (dest[i] == "default") {
			adds(7700, "", outer[i] lans, usual, 1)
			if (usual == base) continue
			# Pings of other interfaces are answered by those.
			for (j = 1; j <= nr; j++) add(7700, "throw", probes[j])
			adds(7700, "", inner[i], usual, 1)
			for (j = 1; j <= nc; j++) for (c = 2; c <= count["pods"]; c++)
				if (copies[j] != set["pods", c] && inside(copies[j], set["pods", c])) add(7700, "", copies[j], usual, 1)
		}
		# What comes from a gateway goes to own members, or by a third gateway to them: never back.
		for (g = 1; gateway && g <= nf; g++) if (index(faces[g], base "g") == 1) {
			other = substr(faces[g], length(base) + 2); table = 7700 + other
			rule("pref 7695 iif " faces[g] " lookup " table)
			for (j = 2; j <= count["own"]; j++) add(table, "throw", set["own", j])
			for (j = 2; j <= count["overlay"]; j++) add(table, "", set["overlay", j], base)
			for (j = 2; j <= count["pods"]; j++) add(table, "", set["pods", j], base)
			for (i = 1; i <= nd; i++) {
				dev = face(way[i])
				if (index("," ways[i], "," base ":")) {
					if (dev == faces[g]) { # back it never goes: before this gateway trusts its own tunnel again, it may live
						m = split(ways[i], at, ",")
						dev = "unreachable"
						for (j = m; j; j--) if (face(at[j]) != faces[g] && live(at[j])) dev = face(at[j])
					}
					if (dev == "unreachable") go(table, dev, i)
					else if (dev == base) adds(table, "", outer[i], dev)
					else go(table, "", i, dev)
				} else if (kind[dev] == "direct") go(table, "", i, dev)
			}
			add(table, "unreachable", "default", ""); if (v6) wish["6 " table " default"] = "unreachable"
		}

		# 4. What differs. Rules in their order, so that the mark comes before all else; what goes, last.
		for (p = 7690; p <= 7700; p += 5) for (k in rules) if (!(k in ruled) && k ~ "pref " p) print "rule add", substr(k, 3) > ("ways/do" substr(k, 1, 1))
		for (i = 1; i <= np; i++) {
			split(place[i], at, " ")
			family = at[2] ~ /:/ ? 6 : 4
			delete extra[family, place[i]]
			if (place[i] in stand) there[at[1]]
			else if (family == 4 || v6) { print "addr replace", at[2], "dev", at[1], family == 6 ? "nodad" : "" > ("ways/do" family); absent[at[1]] }
		}
		for (k in absent) if (!(k in there)) mend = 1
		for (k in extra) { split(k, at, SUBSEP); split(at[2], range, " "); print "addr del", range[2], "dev", range[1] > ("ways/do" at[1]) }
		for (k in wish) if (have[k] != wish[k]) { split(k, at, " "); print "route replace", line(wish[k], at[3]), "table", at[2], "proto 78" > ("ways/do" at[1]) }
		for (k in have) if (!(k in wish)) { split(k, at, " "); print "route del", line(have[k], at[3]), "table", at[2], "proto 78" > ("ways/do" at[1]) }
		for (k in ruled) if (!(k in rules)) print "rule del", substr(k, 3) > ("ways/do" substr(k, 1, 1))

		print (mend ? "mend" : "-") (aim ? "aim" : "-") (changed || tell ? "tell" : "") > "ways/flags"
		if (changed || tell) {
			if (refused != "") print "refused", refused > "ways/report"
			for (i = 0; i < n; i++) {
				print peers[i] > "ways/report"
				if (i in tried) print tried[i] > "ways/report"
			}
			for (i = 1; i <= nd; i++) { d = dest[i]; split(ways[i], at, ","); if (way[i] != at[1] || turns[d]) print "way", d, way[i], from[d], cause[d] > "ways/report" }
		}
	}
	function of(k) { return substr(k, 1, index(k, " ") - 1) }
	function line(value, range) { return value ~ /^dev/ ? range " " value : value " " range }
	' f=t ways/table f=g ways/is/settings f=i ways/is/interfaces f=n applied/names f=n ways/is/names f=b ways/is/probes f=e ways/is/endpoints \
		f=y ways/fresh f=c paths f=m ways/moved f=s ways/shook f=x ways/ends f=a ways/pong f=w ways/chosen f=p ways/plan f=A ways/is/addresses \
		f=R ways/is/routes f=4 ways/have4 f=6 ways/have6 || return
	# Whole at each moment, for who reads them beside: `spanwire status`.
	mv ways/new/* ways/
	BEGUN=1
}

# ---- what the server is told beside

note_direct() { # the key and port of direct paths, and the largest packets that pass outside of the tunnels
	mkdir -p part
	# It is said before there is an interface: nobody plans one without. Where no outgoing connection is given a port.
	[ -s $W/port.direct ] || echo $((61000 + $(od -An -N2 -tu2 /dev/urandom) % 4500)) >$W/port.direct
	{ echo "key $PUBLIC"
		sed 's/^/port /' $W/port.direct
		q cat ways/mtu; } >$S/direct
	mv $S/direct part/direct
}

measure() { # to each gateway, every 10 min, and within one of a bundle: in a tunnel every size passes, in pieces
	endpoints | while read -r face key to; do
		q cat ways/is/peers/$face applied/peers/$face | awk -v "k=$key" '$1 == "PublicKey" { on = $3 == k } $1 == "Endpoint" && on { found = 1 } END { exit !found }' || continue
		to=${to%:*} to=${to#[}
		to=${to%]}
		case $to in *:*) headers=48 ;; *) headers=28 ;; esac
		q ping -n -c 1 -W 1 $to >/dev/null || continue
		for size in 9000 8951 8896 1500 1492 1480 1460 1450 1420 1400 1380 1340 1280 1200 1000 576; do
			! q ping -n -c 1 -W 1 -M "do" -s $((size - headers)) $to >/dev/null || { echo "mtu $face $key $size"; break; }
		done
	done >ways/mtu.new
	mv ways/mtu.new ways/mtu
}

talk() { # who this node talks to, by our own counters: the 64 most
	for name in talk4 talk6; do q nft -n list set inet spanwire $name; done | talked | sort -k 3,3nr | head -n 64 >$S/talk
	mv $S/talk part/talk
}

talked() { # an element is `ADDRESS … packets N bytes N …`; the order of the rest depends on nft
	tr '{},' '\n\n\n' | sed 's/.*elements = *//' | awk '$1 ~ /^[0-9a-f.:]+$/ { p = b = ""
		for (i = 2; i < NF; i++) { if ($i == "packets") p = $(i + 1); if ($i == "bytes") b = $(i + 1) }
		if (p > 0) print $1, p, b }'
}

# ---- taking all back

unroute() {
	for family in 4 6; do
		q ip -$family route flush table all proto 78
		for pref in 7695 7700 7690; do while q ip -$family rule del pref $pref; do :; done; done
	done
}

withdraw() {
	[ ! -d ways ] && [ ! -s $W/made ] && return
	unroute
	for face in $(q cat $W/made); do here remove $face; done
	rm -rf ways part/ways part/talk
	BEGUN='' BEATS=0
}

# ---- verbs

part_run() { # PID of the core: as long as it lives and this file is the same
	core=$1 self=$(sha <$0) VIEW='' REFUSED='' BEATS=0 PINGS='' AIMER='' AIM='' TELL='' TALK='' AGAIN=0 LAST='' V6='' MEASURED=-600 METER='' NOW=0 GONE=0
	only paths.sh
	trap tidy EXIT
	trap 'exit 0' TERM INT HUP
	mkdir -p $W part
	# The core puts another file in the place of this one; the link keeps its number from being given again.
	q ln -f $0 $W/self
	[ -s $E/direct.key ] || { wg genkey >$E/direct.new && mv $E/direct.new $E/direct.key; }
	PUBLIC=$(wg pubkey <$E/direct.key)
	has_v6 && V6=1
	# What was chosen before holds; its interfaces may be gone.
	BEGUN=''
	[ ! -s ways/chosen ] || BEGUN=1
	networkd
	note_direct
	turn=0
	while q kill -0 $core; do
		sleep 3 & nap=$!
		beat
		if [ $(((turn += 1) % 5)) = 1 ]; then
			[ $0 -ef $W/self ] || [ "$(q cat $0 | sha)" = $self ] || break
			[ -z "$TALK" ] || talk
			reap METER
			[ -n "$METER" ] || [ $((NOW - MEASURED)) -lt 600 ] || [ ! -d ways/is ] || { MEASURED=$NOW; measure & METER=$!; }
			[ ! -s ways/mtu ] || note_direct
		fi
		wait $nap
	done
	[ -e $0 ] || { [ $GONE = 0 ] || sleep $((GONE - NOW)); withdraw; rm -rf part/direct $D $W; }
}

networkd() { # systemd's removes rules and routes that it does not know
	[ $INIT = systemd ] && has networkctl && [ ! -e $D ] || return 0
	( umask 022
		mkdir -p ${D%/*}
		printf '[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n' >$D )
}

# Tunnels of IPv6 come in by one interface and go out by another whenever two ends choose their ways by themselves.
strict_v6() { # firewalld drops that; only it can be told not to
	grep -Eqi '^[[:space:]]*IPv6_rpfilter[[:space:]]*=[[:space:]]*(yes|true|strict)' /etc/firewalld/firewalld.conf 2>/dev/null && has firewall-cmd && [ "$(q firewall-cmd --state)" = running ]
}

part_doctor() {
	! strict_v6 || say 'paths: firewalld drops IPv6 that comes by another interface than it would leave by; set IPv6_rpfilter=loose (or no, before firewalld 2.1) in /etc/firewalld/firewalld.conf, then firewall-cmd --reload'
	[ -s ways/chosen ] || return 0
	awk -v now=$(now) 'f == "n" { name[$1] = $2; next } f == "t" { print "  " $1, name[$2], $3, "for", now - $4, "s, RTT", $6, "ms"; next }
		{ split($6, first, ","); if ($2 != first[1]) { split($2, at, ":"); print "  " $1, "goes by", at[1] == "default" ? "its default way" : at[1], "for", now - $3, "s:", $4 } }' \
		f=n ways/is/names f=t ways/table f=w ways/chosen
}

part_follow() { :; }

part_leave() {
	! pid=$(holder paths.sh) || q kill $pid
	tries=50
	while alive paths.sh && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
	withdraw
	rm -rf $D $E/direct.key
}

main() {
	case ${1-} in run | doctor | follow | leave) ;; *) echo 'paths.sh run PID | doctor | follow | leave' >&2; exit 2 ;; esac
	set -u
	umask 077
	export LC_ALL=C WG_ENDPOINT_RESOLUTION_RETRIES=0 PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	cd /run/spanwire || exit 1
	eval "$(sed '$d' /var/lib/spanwire/script/current)"
	INIT=none
	[ ! -d /run/openrc ] || INIT=openrc
	[ ! -d /run/systemd/system ] || INIT=systemd
	verb=$1
	shift
	scratch paths-$verb.$$
	trap tidy EXIT
	part_$verb "$@"
}
}

main "$@"
