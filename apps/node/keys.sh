#!/bin/sh
# Spanwire's part for keys on a node: takes new keys when it is told to, and follows peers that do (docs/keys.md). It reads `policy/keys`
# of the bundle, has a process of its own, and speaks with the words of the core (spanwire.sh).
#
#   this node                                         its peers
#   rotate ID make     next keys made ── told ──>     the next key stands beside the old one, without AllowedIPs ── told ──┐
#   rotate ID switch   3 s, keys taken, peers called <─────────────────────────────────────────────────────────────────────┘
#        ├─ a handshake: proven, told                 first handshake of a key: AllowedIPs go to it, here and in the files that mend
#        └─ none in 30 s: the old keys return
#
# AllowedIPs belong to one peer, so they follow the last handshake: of the next key when it is taken, of the old one when it returns. Nobody
# has to be reached for that. What is under way is on disk before it happens; a boot comes up with either key, and peers know both.
# Unquoted are our own words and what has passed a grammar: no space and no pattern in them.
# shellcheck disable=SC2015,SC2016,SC2030,SC2031,SC2034,SC2046,SC2086,SC2154,SC2317,SC3013
# On disk, beside the keys: `rotation` says which one is under way and how far it is, N and O hold the next and the former keys.
N=/etc/spanwire/next O=/etc/spanwire/former

{ # run only when whole: a download cut short does nothing

clock() { read -r NOW _ </proc/uptime && NOW=${NOW%.*}; }
file_of() { case $1 in main) echo private.key ;; *) echo direct.key ;; esac; }
public() { q wg pubkey <$1; }

# ---- what the bundle says

look() { # ORDER as `ID make|switch KINDS` or nothing, and keys/pairs; 1 while the bundle is being changed
	words=''
	while read -r text; do words="$words$text;"; done 2>/dev/null <$C/policy/keys || return
	[ "$words" != "$WORDS" ] || return 0
	WORDS=$words key='[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]='
	ORDER=$(sed -En 's/^rotate ([0-9a-f-]{36} (make|switch) main( direct)?)$/\1/p' $C/policy/keys | head -n 1)
	sed -En "s/^peer ($key $key (stage|switch))$/\1/p" $C/policy/keys >keys/pairs
	FAST=0
	! grep -q 'switch$' keys/pairs || FAST=$((NOW + 120))
}

# ---- the keys of this node

note() { # WORD [WHY]: on disk before anything else happens
	{ printf %s "$ID $*" | tr -cd ' -~' | head -c 300; echo; } >$E/rotation.new && mv $E/rotation.new $E/rotation && sync
	WORD=$1 TELL=1
}

known() { # ID, WORD and REASON of what is on disk
	ID='' WORD='' REASON=''
	read -r ID WORD REASON 2>/dev/null <$E/rotation || :
}

make() { # ID KINDS
	ID=$1
	shift
	rm -rf $N $O
	mkdir -p $N $O || return
	for kind in "$@"; do wg genkey >$N/new && mv $N/new $N/$(file_of $kind) || return; done
	note made
	say 'keys: the next ones are made'
}

take_keys() { # FROM: the keys that lie there are those of this machine from now on
	for file in private.key direct.key; do
		[ -s $1/$file ] || continue
		cp $1/$file $E/rotation.key && mv $E/rotation.key $E/$file || return
	done
	sync
	for face in $(faces direct); do turn_key $face $E/direct.key; done
	for face in $(faces main); do turn_key $face $E/private.key; done
	[ ! -s $1/direct.key ] || tell_direct
	cmp -s $1/private.key $E/private.key
}

turn_key() { # INTERFACE FILE: its sessions go on to receive, and it calls anew before it sends
	[ "$(q wg show $1 public-key)" = "$(public $2)" ] && return
	q wg set $1 private-key $2
}

faces() { # main|direct: of our interfaces
	[ $1 = direct ] || q cut -d' ' -f1 applied/interfaces
	q sed -n "s/^\([a-z0-9_-]*\) .* $1$/\1/p" ways/is/interfaces
}

tell_direct() { # the part for paths has the public key in its memory
	pid=$(holder paths.sh) || return 0
	q kill $pid
	tries=30
	while alive paths.sh && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
	[ ! -e part/direct ] || sed -i "s|^key .*|key $(public $E/direct.key)|" part/direct
}

shook() { for face in $(faces main); do q wg show $face latest-handshakes | awk -v f=$face '$2 > 0 { print f, $1, $2 }'; done; }

begin_switch() {
	for file in private.key direct.key; do
		[ ! -s $N/$file ] || [ -s $O/$file ] || { cp $E/$file $O/new && mv $O/new $O/$file; } || return
	done
	rm -f keys/before
	note switching
	shook >keys/before
	go_on
}

go_on() { # also after a boot in the middle of it, which has no handshakes of before
	touch keys/before
	UNTIL=$((NOW + 30))
	if take_keys $N; then say 'keys: the next ones are taken'; else go_back 'its disk did not take the next keys'; fi
}

judge() { # a handshake under the next key, with anybody
	# Whom nobody heard before, nobody can lose.
	if shook | grep -qvxFf keys/before || { [ $NOW -ge $UNTIL ] && [ -z "$RESUMED" ] && [ ! -s keys/before ]; }; then
		note proven
		say 'keys: proven by a handshake'
	elif [ $NOW -ge $UNTIL ]; then go_back 'no peer answered under the next key within 30 s'
	else call; fi
}

go_back() { # WHY
	[ "$WORD" = returning ] || note returning "$1"
	take_keys $O || return 0 # tried again at the next look
	known
	note returned "$REASON"
	say "keys: the former ones are back: $REASON"
}

call() { # whoever is called by us shakes hands; others call by themselves
	[ -z "$CALLING" ] || ! q kill -0 $CALLING || return 0
	q cat applied/probes ways/is/probes | head -n 64 | {
		while read -r face _ _ to; do
			[ $to = - ] || q ping -n -c 1 -W 1 -I $face $to >/dev/null &
		done
		wait; } &
	CALLING=$!
}

own() { # what this node itself is to do
	set -- $ORDER
	if [ $# = 0 ]; then
		# The peers have dropped the one that is not ours; while it is not known which that is, both stay.
		case $WORD in made | proven | returned) rm -rf $N $O $E/rotation; ID='' WORD='' TELL=1 ;; esac
	elif [ "$1" != "$ID" ]; then
		case $WORD in switching | returning) ;; *) id=$1; shift 2; make $id "$@" || say 'keys: the disk took no next ones' ;; esac
	elif [ $2 = switch ] && [ "$WORD" = made ]; then
		# Its peers are told at the same moment.
		[ $TOLD_AT != 0 ] || TOLD_AT=$NOW
		[ $((NOW - TOLD_AT)) -lt 3 ] || { TOLD_AT=0; begin_switch; }
	fi
	case $WORD in switching) judge ;; returning) go_back ;; esac
}

# ---- the keys of peers

follow() { # who shook hands last has the AllowedIPs
	[ -s keys/pairs ] || { : >keys/has; return 0; }
	touch keys/held
	q wg show all latest-handshakes >keys/shook && q wg show all allowed-ips >keys/owned || return
	: >keys/moves
	awk 'f == "p" { next_of[$1] = $2; next }
		f == "h" { had[$1, $2] = $3; had[$1, $4] = $5; held[$1, $2] = $6; next }
		f == "s" { at[$1, $2] = $3; face[$1]; next }
		f == "o" { ips[$1, $2] = $3 == "(none)" ? "" : $3; for (i = 4; i <= NF; i++) ips[$1, $2] = ips[$1, $2] "," $i }
		END { for (old in next_of) {
			to = next_of[old]; lacks = has = moved = 0
			for (i in face) {
				if (!((i, old) in at)) continue
				if (!((i, to) in at)) { lacks = 1; continue }
				has = 1; a = at[i, old]; b = at[i, to]
				if ((i, old) in held) {
					who = held[i, old]
					if (b > 0 && b != had[i, to]) who = to
					else if (a > 0 && a != had[i, old]) who = old
				} else who = b > 0 && b >= a ? to : old
				print i, old, a, to, b, who > "keys/held.new"
				from = who == to ? old : to
				if (ips[i, from] != "") print i, from, who, ips[i, from] > "keys/moves"
				else if (who == to && ips[i, to] != "") print i, old, to, "-" > "keys/moves"
				if (who == to) moved = 1
			}
			if (has && !lacks) print "staged", to > "keys/has.new"
			if (moved) print "moved", to > "keys/has.new"
		} }' f=p keys/pairs f=h keys/held f=s keys/shook f=o keys/owned || return
	touch keys/held.new keys/has.new
	mv keys/held.new keys/held
	sort -o keys/has.new keys/has.new
	cmp -s keys/has.new keys/has || TELL=1
	mv keys/has.new keys/has
	while read -r face from to ips; do move $face $from $to $ips; done <keys/moves
}

move() { # INTERFACE FROM TO IPS|-: first where mends read it, so that none undoes it
	for file in applied/peers/$1 ways/is/peers/$1; do
		[ -e $file ] && swap $2 $3 $file >$S/peers && ! cmp -s $S/peers $file && mv $S/peers $file
	done
	[ $4 != - ] || return 0
	# What the part for deltas set last is not what stands from here on.
	rm -f set.$1
	run wg set $1 peer $3 allowed-ips $4 || { say "keys: $WHY"; return; }
	say "keys: what goes through $1 follows the handshake of $3"
}

swap() { # FROM TO FILE: its AllowedIPs under another peer
	awk -v from=$1 -v to=$2 '$1 == "PublicKey" { k = $3 }
		NR == FNR { if ($1 == "AllowedIPs" && k == from) ips = $0; next }
		$1 == "AllowedIPs" && ips != "" && (k == from || k == to) { next }
		{ print }
		$1 == "PublicKey" && k == to && ips != "" { print ips }' $3 $3
}

# ---- what the server is told

tell_server() {
	{ if [ -n "$ID" ] && [ -n "$WORD" ]; then
			echo "rotation $ID $WORD"
			[ $WORD != returned ] || { known; echo "why $REASON"; }
			[ ! -s $N/private.key ] || echo "next main $(public $N/private.key)"
			[ ! -s $N/direct.key ] || echo "next direct $(public $N/direct.key)"
		fi
		q cat keys/has; } >$S/keys
	mkdir -p part
	mv $S/keys part/keys
	wake
	# Once more when that was between two requests, the second of which had begun to be written.
	AGAIN=$((NOW + 3))
}

# ---- verbs

part_run() { # PID of the core: as long as it lives and this file is the same
	core=$1 self=$(sha <$0) WORDS=- ORDER='' FAST=0 TELL=1 AGAIN=0 TOLD_AT=0 UNTIL=0 CALLING='' RESUMED='' turn=0
	only keys.sh
	trap tidy EXIT
	trap 'exit 0' TERM INT HUP
	mkdir -p keys part
	# The core puts another file in the place of this one; the link keeps its number from being given again.
	q ln -f $0 $X/keys.self
	touch keys/pairs keys/has
	clock
	known
	[ "$WORD" != switching ] || { RESUMED=1; go_on; }
	while q kill -0 $core; do
		clock
		if look; then own; follow; fi
		[ -z "$TELL" ] || { TELL=''; tell_server; }
		[ $AGAIN = 0 ] || [ $NOW -lt $AGAIN ] || { AGAIN=0; wake; }
		turn=$((turn + 1))
		if [ $NOW -lt $FAST ]; then sleep 0.2; [ $((turn % 10)) = 0 ] || continue
		elif [ -n "$ORDER" ]; then sleep 1
		else sleep 2; fi
		[ $0 -ef $X/keys.self ] || [ "$(q cat $0 | sha)" = $self ] || break
	done
	[ -e $0 ] || forget
}

forget() { # nothing is rotated any more: the key in use stays
	[ "$WORD" != returning ] || go_back
	rm -rf $N $O $E/rotation $E/rotation.* keys part/keys $X/keys.self
}

part_doctor() {
	known
	[ -z "$WORD" ] || say "keys: a rotation is under way, $WORD"
}

part_follow() { :; }

part_leave() {
	! pid=$(holder keys.sh) || q kill $pid
	rm -rf $N $O $E/rotation*
}

main() {
	case ${1-} in run | doctor | follow | leave) ;; *) echo 'keys.sh run PID | doctor | follow | leave' >&2; exit 2 ;; esac
	set -u
	umask 077
	export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	cd /run/spanwire || exit 1
	eval "$(sed '$d' /var/lib/spanwire/script/current)"
	INIT=none ID='' WORD='' REASON='' NOW=0
	[ ! -d /run/openrc ] || INIT=openrc
	[ ! -d /run/systemd/system ] || INIT=systemd
	verb=$1
	shift
	scratch keys-$verb.$$
	trap tidy EXIT
	part_$verb "$@"
}
}

main "$@"
