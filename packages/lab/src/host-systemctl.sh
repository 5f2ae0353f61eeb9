#!/bin/sh
# systemctl of a lab host. There is no systemd in a host, but the unit files that are tested should be the real ones, so
# this reads them and does what systemd would: start, supervise, stop, enable, and start what is enabled at boot. It knows
# the settings listed in `check` and refuses any other, so that a unit never seems to work because a line was skipped.
# A service's processes are known by a variable in their environment, as systemd knows them by their cgroup.
set -u
UNITS=/etc/systemd/system
RUN=/run/systemd/lab
LOG=/var/log/units

main() {
	now=''
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
		case $name in -q | --quiet | --no-block) continue ;; --now) now=yes; continue ;; esac
		load "$name" || return 5
		"do_$(echo "$verb" | tr - _)" || status=$?
	done
	return $status
}

load() { # NAME: sets UNIT, INSTANCE, FILE, DIR
	UNIT=${1%.service}.service
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
	unknown=$(awk -F= '
		/^\[/ { section = $0; next }
		/^[ \t]*([#;]|$)/ { next }
		section == "[Service]" && $1 !~ /^(Type|ExecStart|ExecStartPre|ExecStop|ExecStopPost|Restart|RestartSec|KillMode|RemainAfterExit|Environment|TimeoutStartSec|TimeoutStopSec|LimitNOFILE)$/ { print $1 }
		section == "[Unit]" && $1 !~ /^(Description|Documentation|After|Before|Wants|Requires|StartLimitIntervalSec|StartLimitBurst)$/ { print $1 }
		section == "[Install]" && $1 != "WantedBy" { print $1 }
	' "$FILE")
	[ -z "$unknown" ] || { echo "systemctl: $FILE: the lab does not know $unknown" >&2; return 1; }
}

setting() { # KEY: its values, one a line
	sed -n "s/^$1=//p" "$FILE" | sed "s|%i|$INSTANCE|g; s|%n|$UNIT|g"
}

do_start() {
	! do_is_active > /dev/null || return 0
	mkdir -p "$DIR" "$LOG"
	rm -f "$DIR/stopping" "$DIR/state"
	# Without the caller's environment, as systemd starts it.
	env -i PATH="$PATH" LANG=C.UTF-8 LAB_SYSTEMD=yes setsid sh "$0" _supervise "$UNIT" < /dev/null >> "$LOG/$UNIT.log" 2>&1 &
	while [ ! -s "$DIR/state" ]; do sleep 0.05; done
	read -r state < "$DIR/state"
	[ "$state" != failed ] && [ "$state" != restarting ] && return 0
	echo "Job for $UNIT failed because the control process exited with error code." >&2
	return 1
}

do__supervise() {
	echo $$ > "$DIR/supervisor"
	restart=$(setting Restart)
	delay=$(setting RestartSec)
	for variable in $(setting Environment); do export "${variable?}"; done
	while :; do
		code=0
		setting ExecStartPre > "$DIR/pre"
		while read -r line && [ "$code" -eq 0 ]; do execute "$line" || code=$?; done < "$DIR/pre"
		if [ "$code" -eq 0 ]; then
			LAB_UNIT=$UNIT setsid sh -c "exec $(setting ExecStart)" < /dev/null &
			echo $! > "$DIR/main"
			case $(setting Type) in oneshot) ;; *) echo active > "$DIR/state" ;; esac
			wait $!
			code=$?
			rm -f "$DIR/main"
		fi
		[ ! -e "$DIR/stopping" ] || break
		if [ "$code" -eq 0 ] && [ "$(setting RemainAfterExit)" = yes ]; then echo active > "$DIR/state"; return 0; fi
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
	if [ "$(setting KillMode)" = process ]; then
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

boot() {
	for link in "$UNITS"/multi-user.target.wants/*.service; do
		[ -e "$link" ] || continue
		sh "$0" start "$(basename "$link")"
	done
}

main "$@"
