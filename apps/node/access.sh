#!/bin/sh
# Spanwire's part for access on a node: tries the rules of a policy that is not confirmed yet, takes them back by itself, and notes what
# the rules have counted for the next report (docs/protocol.md, "Access"). It speaks with the words of the core (spanwire.sh).
#
#   bundle with a trial      rules stand                      the first of
#   ────────┬───────────────────┬──────────────────────────────┬─ a bundle says `confirmed NUMBER`: its firewall.nft holds
#           │ written to disk   │ told to the server at once   ├─ a bundle without the trial, SECONDS are over, this process or
#           │ nft -c            │                              │  the core ends, power is lost: what was confirmed holds again
#
# Nobody has to be reached for that. The guard, a process of its own, takes back what a killed one left; where both are killed the
# core starts this again, and mends; a boot loads what is confirmed. Time is /proc/uptime: the clock of the machine may jump.
# Unquoted are our own words and what has passed a grammar: no space and no pattern in them.
# shellcheck disable=SC2046,SC2086,SC2015,SC2016,SC2020,SC2034,SC2154,SC2317
# A outlives reboots: `ended` has what became of each trial that was begun. In the core's working directory are `tried` (whose trial stands),
# part/policy (the block of the report) and `notes`.
A=/var/lib/spanwire/policy

{ # run only when whole: a download cut short does nothing

line() { tr '\n\t' '  ' | tr -cd ' -~' | head -c ${1-300}; }
at_once() { cat >$S/new && mv $S/new $1; } # FILE: never half written for a reader

# ---- what the bundle says

look() { # CONFIRMED, and TRIAL as `ID NUMBER SECONDS` with $S/trial.nft, or nothing; 1 while the bundle is being changed
	words=''
	while read -r text; do words="$words$text;"; done 2>/dev/null <$C/policy/state || return
	# Most looks end here, without a process of their own. What is on trial may get other rules under the same words.
	[ "$words" != "$WORDS" ] || [ -n "$TRIAL" ] || return 0
	# Once inside, a rename of the directory does not matter.
	( q cd $C || exit 1
		q cat policy/state >$OLDPWD/$S/state
		! grep -q ^trial $OLDPWD/$S/state || q cp policy/trial.nft $OLDPWD/$S/trial.nft || rm -f $OLDPWD/$S/trial.nft ) || return
	CONFIRMED=$(sed -En 's/^confirmed (0|[1-9][0-9]{0,8})$/\1/p' $S/state | head -n 1)
	TRIAL=$(sed -En 's/^trial ([0-9a-f-]{36} [1-9][0-9]{0,8} [1-9][0-9]{1,2})$/\1/p' $S/state | head -n 1)
	WORDS=$words
}

clock() { read -r NOW _ </proc/uptime && NOW=${NOW%.*}; } # the core's `now` costs a process

# ---- a trial

remember() { # ID WORD [WHY]: the last 20, on disk before anything else happens
	{ q grep -v "^$1 " $A/ended | tail -n 19; printf %s "$1 $2${3:+ $3}" | line 400; echo; } >$A/new.$$ && mv $A/new.$$ $A/ended && sync
}

become() { # ID NUMBER SECONDS: on trial
	# Who cannot write this down, as on a full disk, does not begin.
	remember $1 returned 'the machine lost its power during the trial' || return 0
	{ cat access.sh; echo "$1 $2 $(($(now) + $3))"; } >$S/tried && mv $S/tried tried
	WHY='the bundle has no rules for it'
	[ -s $S/trial.nft ] && run nft -c -f $S/trial.nft || { take_back returned "$WHY"; return; }
	detach $0 guard
	enforce $S/trial.nft || { take_back returned "$WHY"; return; }
	ON=$1
	say "access: version $2 is on trial, for $3 s at most"
	tell_server
}

tried() { # ID, NUMBER and UNTIL of what stands on trial
	{ read -r _ && read -r TRIED NUMBER UNTIL; } 2>/dev/null <tried
}

take_back() { # WORD WHY: who renames `tried` first ends the trial
	tried && q mv tried $S/over || return 0
	remember $TRIED $1 "${2-}"
	say "access: version $NUMBER is $1${2:+: $2}"
	ON='' settled=$(($(now) + 10))
	settle
	tell_server
}

settle() { # what is confirmed holds; `applied` is new when the bundle was changed meanwhile
	for dir in applied $C; do
		[ ! -s $dir/firewall.nft ] || ! enforce $dir/firewall.nft || return 0
	done
	say "access: what is confirmed could not be loaded: $WHY"
}

follow_trial() { # a look at what the bundle says, each second or two
	look || return 0
	set -- $TRIAL
	if [ -n "$ON" ]; then
		if ! tried || [ "$TRIED" != $ON ]; then ON='' # the guard was first
		elif [ "${1-}" = $ON ]; then
			if [ $NOW -ge $UNTIL ]; then take_back returned "nobody confirmed it within $3 s"
			elif [ -s $S/trial.nft ] && ! enforce $S/trial.nft; then take_back returned "$WHY"; fi
		elif [ "$CONFIRMED" = $NUMBER ]; then take_back confirmed
		else take_back returned 'the server took it back'; fi
	fi
	[ -n "$ON" ] || [ $# = 0 ] || q grep -q "^$1 " $A/ended || become "$@"
}

# ---- what the rules have counted

tell_server() {
	count
	wake
	# Once more when that was between two requests, the second of which had begun to be written.
	again=$(($(now) + 3))
}

count() { # the block of the report
	clock
	if q nft -v >/dev/null; then rm -f notes
	else echo 'no-nft nft is gone: the rules of before hold and nothing new can be loaded; install nftables' | at_once notes; fi
	{ echo "number ${CONFIRMED:-0}"
		if [ -n "$ON" ]; then echo "trial $ON on"
		elif [ -n "$TRIAL" ] || [ $NOW -lt $((settled + 50)) ]; then q tail -n 1 $A/ended | returned; fi
		[ ! -e loaded ] || while read -r text; do echo "table $text"; done <loaded
		q nft -n list table inet spanwire | counted; } >$S/policy
	mv $S/policy part/policy
	counted=$NOW
}

returned() { # as long as the bundle has the trial, and a minute after
	read -r id word why && [ $word = returned ] || return 0
	case "$TRIAL " in $id*) ;; *) [ $NOW -lt $((settled + 50)) ] || return 0 ;; esac
	printf 'trial %s returned\nwhy %s\n' $id "$why"
}

counted() { # an element is `FROM . TO . PROTOCOL [. PORT] … packets N …`; the order of the rest depends on nft
	tr '{},' '\n\n\n' | awk '$1 == "counter" { rule = $2 ~ /^rule_[0-9]+$/ ? substr($2, 6) : "" }
		$1 == "packets" && rule != "" { print "rule", rule, $2, $4 }
		$1 ~ /^[0-9a-f.:]+$/ && $5 ~ /^[0-9]+$/ {
			for (i = 6; i < NF; i++) if ($i == "packets" && $(i + 1) > 0)
				print "drop", $1, $3, $5, $6 == "." ? $7 : "-", $(i + 1) | "sort -k 6,6nr | head -n 64" }'
}

due() { # shortly before the next report, since the server holds each for 20 s
	held=''
	for file in tmp.sync.*/held; do read -r held 2>/dev/null <$file || :; done
	[ "$held" = "$asked" ] || asked=$held asked_at=$NOW
	[ $((NOW - counted)) -ge 20 ] || { [ $((NOW - asked_at)) -ge 16 ] && [ $((NOW - counted)) -ge 8 ]; }
}

# ---- verbs

part_run() { # PID of the core: as long as it lives and this file is the same
	core=$1 self=$(sha <$0) settled=0 counted=-60 again=0 asked='' asked_at=0
	only access.sh
	trap 'take_back returned "the script was stopped"; tidy' EXIT
	trap 'exit 0' TERM INT HUP
	mkdir -p $A part
	q ln -f $0 $A/self
	clock
	take_back returned 'the script was killed during the trial'
	while q kill -0 $core && is_same; do
		clock
		follow_trial
		[ $NOW -ge $settled ] || [ -n "$ON" ] || settle
		[ $again = 0 ] || [ $NOW -lt $again ] || { again=0; wake; }
		! due || count
		if [ -n "$ON" ]; then sleep 1; else sleep 2; fi
	done
	take_back returned 'the script ended during the trial'
	# Without a policy it says nothing more of it.
	[ -e $0 ] || { rm -rf part/policy notes $A; q rmdir part; }
}

is_same() { # the core puts another file in the place of this one; the link keeps its number from being given again
	# shellcheck disable=SC3013 # dash and busybox know -ef
	[ $0 -ef $A/self ] || [ "$(q cat $0 | sha)" = $self ]
}

part_guard() { # beside a trial: takes it back when its time is over, or who began it is gone
	trap tidy EXIT
	trap '' TERM INT HUP
	tried || exit 0
	mine=$TRIED
	while tried && [ "$TRIED" = $mine ]; do
		look || :
		[ $(now) -lt $((UNTIL + 2)) ] || take_back returned 'nobody confirmed it in time'
		alive tried || take_back returned 'the script was killed during the trial'
		sleep 1
	done
}

part_doctor() {
	look && [ -n "$CONFIRMED" ] || return 0
	case $CONFIRMED in
		0) say 'access: there is no policy; all is allowed inside of the network' ;;
		*) say "access: version $CONFIRMED of the policy is confirmed" ;;
	esac
	! alive tried || ! tried || say "access: version $NUMBER is on trial, for $((UNTIL - $(now))) s more at most"
}

part_follow() { :; }

part_leave() {
	rm -f tried
	! pid=$(holder access.sh) || q kill $pid
	tries=50
	while alive access.sh && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
	q nft delete table inet spanwire || :
}

main() {
	case ${1-} in run | guard | doctor | follow | leave) ;; *) echo 'access.sh run PID | guard | doctor | follow | leave' >&2; exit 2 ;; esac
	set -u
	umask 077
	export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin"
	cd /run/spanwire || exit 1
	eval "$(sed '$d' /var/lib/spanwire/script/current)"
	INIT=none ON='' CONFIRMED='' TRIAL='' WORDS=- NOW=0
	[ ! -d /run/openrc ] || INIT=openrc
	[ ! -d /run/systemd/system ] || INIT=systemd
	verb=$1
	shift
	scratch access-$verb.$$
	trap tidy EXIT
	part_$verb "$@"
}
}

main "$@"
