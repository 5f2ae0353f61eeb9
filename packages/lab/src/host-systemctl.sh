#!/bin/sh
# systemctl of a lab host. There is no systemd in a host, but the unit files that are tested should be the real ones, so
# this reads them and does what systemd would: start, supervise, stop, enable, and start what is enabled at boot. It knows
# the settings listed in `check` and refuses any other, so that a unit never seems to work because a line was skipped.
# A service's processes are known by a variable in their environment, as systemd knows them by their cgroup. Readiness of
# Type=notify is the file that LAB_NOTIFY names, not a datagram.
set -u
UNITS=/etc/systemd/system
RUN=/run/systemd/lab
LOG=/var/log/units

main() {
	now=''
	case " $* " in *' --no-block '*) no_block "$@"; return 0 ;; esac
	while :; do
		case ${1-} in
			--now) now=yes; shift ;;
			-*) shift ;;
			*) break ;;
		esac
	done
	verb=${1-}
	[ $# -eq 0 ] || shift
	case $verb in
		daemon-reload | reset-failed) return 0 ;;
		_boot) boot; return ;;
		start | stop | restart | try-restart | enable | disable | is-active | is-enabled | status | _supervise) ;;
		*) echo "systemctl: the lab does not know the verb '$verb'" >&2; return 1 ;;
	esac
	status=0
	for name do
		case $name in -q | --quiet) continue ;; --now) now=yes; continue ;; esac
		load "$name" || return 5
		"do_$(echo "$verb" | tr - _)" || status=$?
	done
	return $status
}

no_block() { # the same, while the caller goes on
	for word do
		shift
		[ "$word" = --no-block ] || set -- "$@" "$word"
	done
	setsid sh "$0" "$@" > /dev/null 2>&1 < /dev/null &
}

load() { # NAME or path: sets UNIT, INSTANCE, FILE, DIR
	UNIT=${1##*/}
	UNIT=${UNIT%.service}.service
	INSTANCE=''
	FILE=$UNITS/$UNIT
	case $UNIT in
		*@*)
			INSTANCE=${UNIT#*@}
			INSTANCE=${INSTANCE%.service}
			[ -f "$FILE" ] || FILE=$UNITS/${UNIT%%@*}@.service ;;
	esac
	DIR=$RUN/$UNIT
	[ -f "$FILE" ] || { echo "Unit $UNIT not found." >&2; return 1; }
	check
}

check() {
	unknown=$(lines | awk -F= '
		/^\[/ { section = $0; next }
		section == "[Service]" && $1 !~ /^(Type|ExecStart|ExecStartPre|ExecStop|ExecStopPost|Restart|RestartSec|KillMode|RemainAfterExit|Environment|EnvironmentFile|TimeoutStartSec|TimeoutStopSec|LimitNOFILE|LimitNPROC|LimitCORE|TasksMax|Delegate|User)$/ { print $1 }
		section == "[Unit]" && $1 !~ /^(Description|Documentation|After|Before|Wants|Requires|StartLimitIntervalSec|StartLimitBurst)$/ { print $1 }
		section == "[Install]" && $1 != "WantedBy" { print $1 }
	')
	[ -z "$unknown" ] || { echo "systemctl: $FILE: the lab does not know $unknown" >&2; return 1; }
}

lines() { # of the unit and its drop-ins, continued ones joined, comments left out
	for part in "$FILE" "$UNITS/$UNIT.d"/*.conf; do
		[ ! -f "$part" ] || sed -e ':join' -e '/\\$/{N;s/\\\n/ /;b join' -e '}' -e '/^[ \t]*\([#;]\|$\)/d' "$part"
	done
}

setting() { # KEY: its values, one a line; an empty one takes back those before it
	lines | sed -n "s/^$1=//p" | sed "s|%i|$INSTANCE|g; s|%n|$UNIT|g; s|%N|${UNIT%.service}|g" |
		awk '$0 == "" { n = 0; next } { value[n++] = $0 } END { for (i = 0; i < n; i++) print value[i] }'
}

last() { setting "$1" | tail -n 1; } # of what has one value, the drop-in's wins

do_start() {
	! do_is_active > /dev/null || return 0
	if [ ! -s "$DIR/supervisor" ]; then
		mkdir -p "$DIR" "$LOG"
		rm -f "$DIR/stopping" "$DIR/state"
		start_wanted
		# Without the caller's environment, as systemd starts it.
		env -i PATH="$PATH" LANG=C.UTF-8 LAB_SYSTEMD=yes setsid sh "$0" _supervise "$UNIT" < /dev/null >> "$LOG/$UNIT.log" 2>&1 &
	fi
	while [ ! -s "$DIR/state" ]; do
		[ -d "$DIR" ] || return 1
		sleep 0.05
	done
	read -r state < "$DIR/state"
	[ "$state" != failed ] && [ "$state" != restarting ] && return 0
	echo "Job for $UNIT failed because the control process exited with error code." >&2
	return 1
}

start_wanted() { # what Wants and Requires name comes up too, and before this one when After says so
	for wanted in $(setting Wants) $(setting Requires); do
		[ -f "$UNITS/$wanted" ] || continue
		case " $(setting After | tr '\n' ' ') " in
			*" $wanted "*) sh "$0" start "$wanted" ;;
			*) sh "$0" start "$wanted" & ;;
		esac
	done
}

do__supervise() {
	echo $$ > "$DIR/supervisor"
	restart=$(last Restart)
	delay=$(last RestartSec)
	type=$(last Type)
	for variable in $(setting Environment); do export "${variable?}"; done
	while :; do
		code=0
		setting EnvironmentFile > "$DIR/environment"
		while read -r line; do read_environment "$line" || code=$?; done < "$DIR/environment"
		setting ExecStartPre > "$DIR/pre"
		while read -r line && [ "$code" -eq 0 ]; do execute "$line" || code=$?; done < "$DIR/pre"
		if [ "$code" -eq 0 ]; then
			rm -f "$DIR/ready"
			LAB_NOTIFY=$DIR/ready LAB_UNIT=$UNIT setsid sh -c "exec $(setting ExecStart)" < /dev/null &
			main=$!
			echo $main > "$DIR/main"
			case $type in
				oneshot) ;;
				notify) await_ready & ;;
				*) echo active > "$DIR/state" ;;
			esac
			wait $main
			code=$?
			# A main process that ends before it was ready has failed, whatever it says.
			[ "$type" != notify ] || [ -e "$DIR/ready" ] || [ $code -ne 0 ] || code=1
			rm -f "$DIR/main"
		fi
		[ ! -e "$DIR/stopping" ] || break
		if [ "$code" -eq 0 ] && [ "$(last RemainAfterExit)" = yes ]; then echo active > "$DIR/state"; return 0; fi
		case $restart:$code in
			always:* | on-failure:[1-9]*) ;;
			*:0) echo inactive > "$DIR/state"; return 0 ;;
			*) echo failed > "$DIR/state"; return 0 ;;
		esac
		echo restarting > "$DIR/state"
		sleep "${delay:-0.1}"
	done
	echo inactive > "$DIR/state"
}

await_ready() {
	limit=$(last TimeoutStartSec)
	limit=${limit:-90}
	tenths=0
	while [ ! -e "$DIR/ready" ]; do
		[ -d "/proc/$main" ] && [ -d "$DIR" ] || return 0
		sleep 0.1
		tenths=$((tenths + 1))
		case ${limit%s} in 0 | infinity) continue ;; esac
		[ $tenths -lt $((${limit%s} * 10)) ] || { echo "$UNIT: start operation timed out. Terminating."; kill "$main"; return 0; }
	done
	echo active > "$DIR/state"
}

read_environment() { # FILE, a leading - means that it may be missing
	file=${1#-}
	if [ -e "$file" ]; then
		set -a
		# shellcheck disable=SC1090
		. "$file"
		set +a
		return 0
	fi
	case $1 in -*) ;; *) echo "Failed to load environment files: $file"; return 1 ;; esac
}

execute() { # LINE, a leading - means that failing is fine
	case $1 in
		-*) LAB_UNIT=$UNIT sh -c "${1#-}" < /dev/null || : ;;
		*) LAB_UNIT=$UNIT sh -c "$1" < /dev/null ;;
	esac
}

do_stop() {
	[ -d "$DIR" ] || return 0
	: > "$DIR/stopping"
	setting ExecStop > "$DIR/stop"
	while read -r line; do execute "$line"; done < "$DIR/stop"
	signal TERM
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -n "$(members)" ] || break
		sleep 0.1
	done
	signal KILL
	setting ExecStopPost > "$DIR/stop"
	while read -r line; do execute "$line"; done < "$DIR/stop"
	[ ! -s "$DIR/supervisor" ] || kill "$(cat "$DIR/supervisor")" 2> /dev/null
	rm -rf "$DIR"
}

members() { # the processes that stopping the unit ends
	if [ "$(last KillMode)" = process ]; then
		[ ! -s "$DIR/main" ] || { read -r pid < "$DIR/main"; [ ! -d "/proc/$pid" ] || echo "$pid"; }
		return 0
	fi
	grep -lasxz "LAB_UNIT=$UNIT" /proc/[0-9]*/environ | sed 's|/proc/||; s|/environ||'
}

signal() { for pid in $(members); do kill -s "$1" "$pid" 2> /dev/null; done; }

do_restart() { do_stop; do_start; }
do_try_restart() { ! do_is_active > /dev/null || do_restart; }

do_is_active() {
	state=inactive
	[ ! -s "$DIR/supervisor" ] || state=activating
	[ ! -s "$DIR/state" ] || read -r state < "$DIR/state"
	case $state in restarting) state=activating ;; esac
	echo "$state"
	[ "$state" = active ] || return 3
}

do_status() {
	echo "$UNIT - $(sed -n 's/^Description=//p' "$FILE")"
	echo "     Active: $(do_is_active)"
	tail -n 10 "$LOG/$UNIT.log" 2> /dev/null
	do_is_active > /dev/null
}

do_enable() {
	for target in $(setting WantedBy); do
		mkdir -p "$UNITS/$target.wants"
		ln -sfn "$FILE" "$UNITS/$target.wants/$UNIT"
	done
	[ -z "$now" ] || do_start
}

do_disable() {
	rm -f "$UNITS"/*.wants/"$UNIT"
	[ -z "$now" ] || do_stop
}

do_is_enabled() {
	for link in "$UNITS"/*.wants/"$UNIT"; do [ ! -L "$link" ] || { echo enabled; return 0; }; done
	echo disabled
	return 1
}

boot() { # all at once, each behind those that its After names
	for link in "$UNITS"/multi-user.target.wants/*.service; do
		[ -e "$link" ] || continue
		boot_one "$(basename "$link")" &
	done
	wait
}

boot_one() {
	load "$1" || return
	mkdir -p "$RUN/.booted"
	for earlier in $(setting After); do
		[ -L "$UNITS/multi-user.target.wants/$earlier" ] || continue
		while [ ! -e "$RUN/.booted/$earlier" ]; do sleep 0.1; done
	done
	sh "$0" start "$1"
	: > "$RUN/.booted/$1"
}

main "$@"
