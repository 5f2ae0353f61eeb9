#!/bin/sh
# Spanwire's part for k3s on a node: makes it the server or agent that the confirmed bundle says, does what is asked, and notes what
# is so for the next report. docs/k3s.md has what it does to a machine, docs/protocol.md the files and requests.
# It speaks with the words of the core (spanwire.sh), which it reads first: say, q, now, sha, meta, begin, finish, post and others.
# Unquoted are our own words and what has passed a grammar: no space and no pattern in them.
# shellcheck disable=SC2046,SC2086,SC2015,SC2016,SC2018,SC2019,SC2034,SC2231,SC2317,SC3013
ETC=/etc/rancher/k3s DATA=/var/lib/rancher/k3s
# K outlives reboots; in the core's working directory are part/ (the blocks of the report) and k3s.* (for each other's eyes).
K=/var/lib/spanwire/k3s

{ # run only when whole: a download cut short does nothing

kube() { k3s kubectl --request-timeout=10s "$@"; }
want() { q awk -v "k=$1" '$1 == k { print $2; exit }' $([ -s k3s.install ] && echo k3s.install || echo $K/install); }
at_once() { cat >$S/new && mv $S/new $1; } # FILE: never half written for a reader

hide() { sed 's/K10[0-9a-f]*::[^ "]*/K10***/g; s/[a-z0-9]\{6\}\.[a-z0-9]\{16\}/***/g; s|://[^@/ ]*@|://***@|g'; }
line() { hide | tr '\n\t' '  ' | tr -cd ' -~' | head -c ${1-400}; }

# ---- the ledger of the join, on the page and for `follow`

reach() { # the server that the core is in sync with
	AUTH=$E/curl.conf
	TURN=$(q awk 'NR == FNR { at = $NF; next } $1 == at { print FNR - 1; exit }' status $E/server)
	TURN=${TURN:-0}
	server
}

enter() { # STEP; said once
	if [ ! -e $S/begun.$1 ]; then
		: >$S/begun.$1
		reach
		begin $1
		echo "$1: running" | at_once k3s.now
	fi
	STEP=$1
}

passed() { # EVIDENCE
	! q grep -q "^$STEP " k3s.failed || rm -f k3s.failed
	[ ! -e $S/done.$STEP ] || { STEP=''; return 0; }
	: >$S/done.$STEP
	text="$STEP: $1"
	reach
	finish "$1"
	echo "$text" | at_once k3s.now
}

stopped() { # CODE TEXT: the step failed; it is tried again
	rm -f $S/done.$STEP
	if [ "$(q cat k3s.failed)" != "$STEP $1 $2" ]; then
		echo "$STEP $1 $2" | at_once k3s.failed
		say "$STEP: $1: $2"
		reach
		echo "$2" | step failed $1
	fi
	echo "failed: $STEP: $1: $2" | at_once k3s.now
	return 1
}

# ---- what this machine says for itself

unit_state() { # as systemd calls it, or absent
	unit=$(want unit)
	[ -n "$unit" ] || { echo absent; return; }
	case $INIT in
		systemd)
			[ -e /etc/systemd/system/$unit.service ] || { echo absent; return; }
			case $(q systemctl is-active $unit) in
				active | reloading) echo active ;;
				activating) echo activating ;;
				failed) echo failed ;;
				*) echo inactive ;;
			esac ;;
		*)
			[ -e /etc/init.d/$unit ] || { echo absent; return; }
			case $(q rc-service $unit status) in
				*started*) echo active ;;
				*starting*) echo activating ;;
				*crashed*) echo failed ;;
				*) echo inactive ;;
			esac ;;
	esac
}

journal() { # LINES: the last words of the service
	if [ $INIT = systemd ]; then q journalctl -q -n $1 -o cat -u $(want unit); else q tail -n $1 /var/log/$(want unit).log; fi
}

k3s_version() { q k3s --version | awk 'NR == 1 && $3 ~ /^v[0-9A-Za-z.+-]+$/ { print $3 }'; }
subnet() { q sed -n "s/^FLANNEL_$1=//p" /run/flannel/subnet.env; }
overlay_face() { q sed -n '1s/ .*//p' applied/interfaces | grep . || echo span0; }

# ---- preflight: what a machine is, nothing judged (packages/mesh/src/cluster/parse-preflight.ts); the server has the rules

yes_no() { if q "$@" >/dev/null; then echo yes; else echo no; fi; }
home() { if [ -d /var/lib/rancher ]; then echo /var/lib/rancher; else echo /var/lib; fi; }
disk_of() { df -Pk $(home) | awk 'NR == 2 { print $4, $2 }'; }

host_facts() {
	face=$({ ip -4 route show default; ip -6 route show default; } | sed -n '1s/.* dev \([^ ]*\).*/\1/p')
	printf '%s %s\n' arch "$(uname -m)" init $INIT cpus $(nproc) default-route $(yes_no [ -n "$face" ]) \
		memory-kb $(awk '/^MemTotal/ { print $2 }' /proc/meminfo) selinux $(q getenforce | tr A-Z a-z | grep . || echo disabled) \
		nm-cloud-setup $(yes_no systemctl -q is-enabled nm-cloud-setup.timer) k3s-ours $(yes_no [ -e $K/ours ]) \
		kubeadm $(yes_no [ -e /etc/kubernetes/kubelet.conf ]) node-password $(yes_no [ -e /etc/rancher/node/password ]) fix $(yes_no [ -e $E/fix ]) \
		clock-synced $(q timedatectl show -p NTPSynchronized --value | grep -x 'yes\|no' || echo unknown) \
		resolver $(cat /etc/resolv.conf /run/systemd/resolve/resolv.conf | awk '$1 == "nameserver" && $2 !~ /^(127|::1$)/ { r = 1 } END { print r ? "yes" : "no" }') \
		docker "$(q docker --version | sed -n 's/.* version \([0-9A-Za-z.+~-]*\).*/\1/p' | grep . || echo none)" \
		k3s-version $(k3s_version | grep . || echo none) disk "$(home) $(disk_of)"
	[ -z "$face" ] || echo "link-mtu $(cat /sys/class/net/$face/mtu)"
	if [ -e /etc/systemd/system/k3s.service ] || [ -e /etc/init.d/k3s ]; then echo k3s-role server
	elif [ -e /etc/systemd/system/k3s-agent.service ] || [ -e /etc/init.d/k3s-agent ]; then echo k3s-role agent
	else echo k3s-role none; fi
	if [ -e /sys/fs/cgroup/cgroup.controllers ]; then echo "cgroup v2
cgroup-controllers $(cat /sys/fs/cgroup/cgroup.controllers)"
	elif grep -q '^memory' /proc/cgroups; then echo "cgroup $([ -d /sys/fs/cgroup/unified ] && echo hybrid || echo v1)
cgroup-controllers $(awk '!/^#/ && $4 { printf "%s%s", s, $1; s = " " }' /proc/cgroups)"
	else echo cgroup none; fi
	if kernel_wg && ! ls /run/wireguard/*.sock >/dev/null; then echo wireguard kernel
	else case $(user_wg) in *go) echo wireguard wireguard-go ;; *) echo wireguard boringtun ;; esac; fi
	for module in br_netfilter:bridge/bridge-nf-call-iptables overlay nf_conntrack:netfilter/nf_conntrack_max veth vxlan; do
		name=${module%:*}
		if [ -d /sys/module/$name ] || [ -e /proc/sys/net/${module#*:} ] || grep -qw $name /proc/filesystems; then echo "module $name loaded"
		elif modprobe -nq $name; then echo "module $name loadable"
		elif [ -e /lib/modules/$(uname -r)/modules.dep ]; then echo "module $name missing"; fi # else nobody knows
	done
}

network_facts() {
	{ ip -4 route; ip -6 route; } | awk '$1 ~ /\// && $1 !~ /^ff/ { for (i = 2; i < NF; i++) if ($i == "dev") print "route", $1, $(i + 1) }' | head -n 500
	ip -o addr | awk '$2 != "lo" { print "address", $4, $2 }' | head -n 500
	! has docker || for id in $(docker network ls -q); do
		docker network inspect -f '{{$n := .Name}}{{range .IPAM.Config}}docker-range {{.Subnet}} {{$n}}{{println}}{{end}}' $id
	done
	wg show all allowed-ips | awk 'NR == FNR { ours[$1]; next } !($1 in ours) { for (i = 3; i <= NF; i++) if ($i ~ /\//) print "vpn", $i, $1 }' applied/interfaces - | head -n 200
	ss -Hlntup | awk '{ p = $5; sub(/.*:/, "", p); a = substr($5, 1, length($5) - length(p) - 1); gsub(/[][]|%.*/, "", a); if (a == "*") a = "::"
		n = $0; if (!sub(/.*users:\(\("/, "", n)) n = "?"; sub(/".*/, "", n); gsub(/[^!-~]/, "_", n)
		if ($1 ~ /^(tcp|udp)$/ && a ~ /^[0-9a-f.:]+$/) print "listen", $1, a, p, substr(n, 1, 60) }' | sort -u | head -n 500
	{ rejects | sed 's/^/overlay|/'; pods_rejected | sed 's/^/pods|/'; } | awk -F'|' '{ split($4, t, " "); rule = $5; if (t[1] == "nft") rule = $4 " " $5
		print "firewall", t[1], tolower($2), $5 ~ /REJECT/ ? "reject" : "drop", $1, substr(rule, 1, 300) }'
	! grep -Eqi '^[[:space:]]*IPv6_rpfilter[[:space:]]*=[[:space:]]*(yes|true|strict)' /etc/firewalld/firewalld.conf ||
		[ "$(firewall-cmd --state)" != running ] || echo ipv6-rpfilter strict
	for file in $ETC/config.yaml $ETC/config.yaml.d/*.yaml; do
		case $file in *spanwire*) ;; *) sed -n "s|^\([A-Za-z0-9_-]*+\{0,1\}\):.*|config-key $file \1|p" $file ;; esac
	done
	# On a gateway nobody knows; a handshake is the proof.
	if [ "$(meta role)" = member ]; then
		case $(wg show $(overlay_face) latest-handshakes | cut -f2) in
			'' | 0) ! q grep -q "dead" paths || echo udp-gateway no-answer ;;
			*) echo udp-gateway ok ;;
		esac
		echo path-mtu $(path_mtu)
	fi
}

path_mtu() { # outside of the tunnel, when the gateway answers pings
	to=$(wg show $(overlay_face) endpoints | sed -n '1s/.*[[:space:]]\[*\([0-9a-f.:]*\)]*:[0-9]*$/\1/p')
	case $to in *:*) headers=48 ;; *) headers=28 ;; esac
	[ -n "$to" ] && ping -n -c 1 -W 1 -M "do" $to >/dev/null || { echo unknown; return; }
	for size in 1500 1492 1480 1460 1420 1380 1280 1200 1000 576; do
		! ping -n -c 1 -W 1 -M "do" -s $((size - headers)) $to >/dev/null || { echo $size; return; }
	done
	echo unknown
}

preflight_facts() { q host_facts; q network_facts; }

judged() { # what the server makes of them: 1 when that stops k3s here, 2 when it does not say
	preflight_facts >$S/facts.now
	{ printf 'spanwire preflight 1\nunix %s\n' $(date +%s); block preflight <$S/facts.now; } >$S/ask
	post 20 preflight $S/ask $S/said
	[ $STATUS = 200 ] || return 2
	[ ! -d part ] || : >k3s.look
	sed '1d; s/^/spanwire: k3s: /' $S/said | tr -cd '\n -~'
	! head -n 1 $S/said | grep -qx 'stops yes'
}

pods_rejected() { # HOOK|OURS|TOOL|RULE as the core's rejects: what k3s' documentation asks to trust
	[ "$(want backend)" != none ] || return 0
	face=$(overlay_face)
	for tool in iptables ip6tables; do
		q $tool -w 5 -S >$S/rules || continue
		for way in 'INPUT -i cni0' 'FORWARD -i cni0' "FORWARD -i $face+"; do walk_xtables $tool ${way%% *} "${way#* }" <$S/rules; done
	done | grep -v '|-P FORWARD' # what only a policy drops, flannel accepts
	q nft -a list ruleset | grep -Ev "(iifname \"$face\*\"|dport [0-9]+) accept comment \"spanwire" | walk_nft 'INPUT FORWARD' 'iifname "cni0*"' | grep -v ^undo
}

open_pods() { # with --fix, as the core does it for the overlay
	[ ! -e $E/fix ] || ( rejects() { pods_rejected; }; open_firewall )
}

listens() { # PORT: somebody does, on TCP
	q cat /proc/net/tcp /proc/net/tcp6 | awk -v "p=$(printf ':%04X' $1)$" '$4 == "0A" && $2 ~ p { found = 1 } END { exit !found }'
}

findings() { # CODE TEXT: what must stop a first install here, whatever the server thinks
	[ $INIT != none ] || echo 'no-init this machine has neither systemd nor OpenRC, which would run k3s'
	[ ! -e /etc/kubernetes/kubelet.conf ] || echo 'kubernetes-present kubeadm made this machine a node of another cluster'
	if [ ! -e $K/ours ]; then
		for file in /etc/systemd/system/k3s.service /etc/systemd/system/k3s-agent.service /etc/init.d/k3s /etc/init.d/k3s-agent; do
			[ ! -e $file ] || echo "kubernetes-present there is a k3s that Spanwire did not install: $file"
		done
		for port in $([ "$(want role)" != server ] || echo 6443) 10250; do ! listens $port || echo "port-in-use TCP port $port is in use"; done
	fi
	set -- $(disk_of) $(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
	[ $1 -ge 1048576 ] || echo "disk-full the disk of /var/lib/rancher has $(($1 / 1024)) MB left"
	[ $3 -ge $([ "$(want role)" = agent ] && echo 204800 || echo 716800) ] || echo "memory-too-small this machine has $(($3 / 1024)) MB of memory"
	q grep -qw memory /sys/fs/cgroup/cgroup.controllers || q awk '$1 == "memory" && $4 { found = 1 } END { exit !found }' /proc/cgroups ||
		echo 'cgroup-missing the memory cgroup is off'
	[ -e $E/fix ] || pods_rejected | awk -F'|' 'NR == 1 { print "host-firewall the host firewall would reject pods:", $1, "(" $3 "):", $4 }'
}

# ---- making it so

wanted() { # a copy of what is confirmed, in $S/want; 1 when that is nothing, or changes just now
	view=$(meta view)
	rm -rf $S/want
	[ -s $C/k3s/install ] && cp -R $C/k3s $S/want && [ "$(meta view)" = "$view" ] || return
	host='[A-Za-z0-9.:[-]+[]A-Za-z0-9.:-]*'
	bad=$(grep -Evm1 "^(role (server|agent)|first (yes|no)|unit k3s(-agent)?|version v1[.][0-9]+[.][0-9]+(-rc[0-9]+)?[+]k3s[0-9]+|channel (stable|latest|v1[.][0-9]+)|\
installer (https://$host(/[A-Za-z0-9._/+%-]*)?|(/[A-Za-z0-9._-]+)+)|installer-sha256 (-|[0-9a-f]{64})|skip-download (true|false)|server (-|https://$host)|\
name [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?|node-ip [0-9.]+|interface [a-z][a-z0-9_-]{0,14}|backend (host-gw|vxlan|none))$" $S/want/install)
	[ $? = 1 ] || { STEP=k3s-installed; stopped bundle-refused "k3s/install: $(echo "$bad" | line 200)"; return; }
	at_once k3s.install <$S/want/install
}

api_answers() { # through the tunnel, with the certificate authority that the token names
	at=$(want server)
	[ "$at" != - ] || return 0
	enter api-reachable
	took=$(q curl -q -g -s -k --noproxy '*' --connect-timeout 5 -m 10 --max-filesize 65536 -o $S/cacerts -w '%{http_code} %{time_total}' "$at/cacerts")
	case $took in
		200*) ;;
		*) stopped api-unreachable "$at does not answer from here through the tunnel (HTTP status ${took%% *})"; return ;;
	esac
	# Of more than one certificate k3s hashes the root in another form: it looks itself, as it does for one.
	[ $(grep -c BEGIN $S/cacerts) != 1 ] || [ ! -e $S/want/token ] || grep -q "^K10$(sha <$S/cacerts)::" $S/want/token ||
		{ stopped ca-mismatch "$at shows another certificate authority than the token of the cluster names"; return; }
	passed "$at answered in $(echo ${took#* } | awk '{ printf "%d", $1 * 1000 }') ms"
}

place() { # FILE AT MODE: as the bundle has it; 0 when that is new. What stood there before us is kept beside it.
	if [ -s $S/want/$1 ]; then
		! cmp -s $S/want/$1 $2 || return
		( case $2 in /etc/*) umask 022 ;; esac; mkdir -p ${2%/*} )
		[ ! -e $2 ] || is_ours $2 || mv $2 $2.before-spanwire
		cp $S/want/$1 $2.new && chmod $3 $2.new && mv $2.new $2
	else
		[ -e $2 ] && is_ours $2 && rm -f $2
	fi
}
is_ours() { case $1 in *spanwire*) ;; *) grep -q 'Written by Spanwire' $1 ;; esac; }

place_files() { # CHANGED=yes when k3s has to start anew
	! place config.yaml $ETC/config.yaml.d/10-spanwire.yaml 600 || CHANGED=yes
	! place secrets.yaml $ETC/config.yaml.d/11-spanwire-secrets.yaml 600 || CHANGED=yes
	! place registries.yaml $ETC/registries.yaml 600 || CHANGED=yes
	# Who has joined has a certificate: another token changes nothing for it.
	! place token $ETC/spanwire-token 600 || [ -e $K/joined ] || CHANGED=yes
	if [ $INIT != systemd ]; then ! place openrc.conf /etc/conf.d/$(want unit) 644 || CHANGED=yes
	elif place unit.conf /etc/systemd/system/$(want unit).service.d/10-spanwire.conf 644; then systemctl daemon-reload; fi
	for name in probe access; do place $name.yaml $DATA/server/manifests/spanwire-$name.yaml 600; done
}

install_k3s() {
	release=$(want version)$(want channel)
	# An installer that a killed script left at work ends first.
	while holder k3s.installer >/dev/null; do sleep 2; done
	if [ $(unit_state) != absent ] && { [ "$(k3s_version)" = $release ] || [ "$(q cat $K/installed)" = $release ]; }; then return; fi
	from=$(want installer) hash=$(want installer-sha256)
	case $from in
		/*) q cp $from $S/installer ;;
		*) curl -q -g -fsSL --proto =https --proto-redir =https -m 120 --max-filesize 1048576 -o $S/installer "$from" 2>$S/err ;;
	esac || { stopped installer-fetch "$from could not be fetched: $(line 200 <$S/err)"; return; }
	is=$(sha <$S/installer)
	[ $hash = - ] || [ $hash = $is ] || { stopped installer-hash "$from has the SHA-256 $is, which is not the one of the cluster"; return; }
	[ $(want skip-download) = false ] || has k3s || { stopped binary-missing 'air gap: there is no k3s program on this machine'; return; }
	if [ -n "$(want version)" ]; then set -- INSTALL_K3S_VERSION=$release; else set -- INSTALL_K3S_CHANNEL=$release; fi
	: >$K/ours
	say "k3s: the installer runs, $*"
	# Without a token: what it gets, it writes into the unit's environment. No start: that is ours to watch.
	env "$@" INSTALL_K3S_SKIP_DOWNLOAD=$(want skip-download) INSTALL_K3S_EXEC=$(want role) INSTALL_K3S_SKIP_START=true \
		timeout 1200 sh $S/installer >$K/install.log 2>&1 </dev/null &
	echo "$! $(born $!)" >k3s.installer
	if wait $!; then
		echo $release >$K/installed
		CHANGED=yes
		return
	fi
	set -- $(disk_of)
	if [ $1 -lt 65536 ] || grep -q 'No space left' $K/install.log; then stopped disk-full "the disk is full: $(tail -n 2 $K/install.log | line)"
	elif grep -Eqi 'download failed|could not resolve|failed to connect|timed out' $K/install.log; then stopped download-failed "$(tail -n 3 $K/install.log | line)"
	else stopped installer-failed "the installer ended with an error: $(tail -n 3 $K/install.log | line)"; fi
}

starts() { journal 2000 | grep -c 'msg="Starting k3s'; }

last_words() { # since its last start: what is definite first, then errors, else the last lines
	journal 300 | awk '/msg="Starting k3s/ { n = 0 } { l[n++] = $0 } END { for (i = 0; i < n; i++) print l[i] }' | sed 's/^time="[^"]*" //' >$S/words
	grep -E "$DEFINITE" $S/words | tail -n 1 | grep . || grep -E 'level=(error|fatal)|^Error|panic:' $S/words | tail -n 2 | grep . || tail -n 3 $S/words
}
DEFINITE='CA hash does not match|401 Unauthorized|403 Forbidden|[Pp]assword rejected|critical configuration|down-level server|normalize server token'

start_k3s() { # 0 when it runs
	before=$(starts)
	case $CHANGED:$(unit_state) in
		no:active) return 0 ;;
		no:activating) before=$((before - 1)) ;;
		# systemctl waits until it is ready, which may be never.
		*) unit restart $(want unit) & ;;
	esac
	CHANGED=no end=$(($(now) + 240))
	while [ $(now) -lt $end ]; do
		sleep 2
		case $(unit_state) in
			active) return 0 ;;
			failed) break ;;
		esac
		# It ends and starts again, or says what does not mend itself.
		new=$(($(starts) - before))
		[ $new -lt 3 ] || break
		[ $new -lt 1 ] || ! last_words | grep -Eq "$DEFINITE" || break
	done
	stopped service-failed "$(last_words | line)"
}

hash_of() { # DIR, without what is only to be signed
	for file in $1/*; do case $file in */csr.*) ;; *) cat $file ;; esac; done | sha
}


reconcile() { # 0 when all that this machine can do is done
	wanted || {
		[ -e k3s.failed ] || echo 'waits: the server has nothing for k3s here yet; the page says why' | at_once k3s.now
		return 0
	}
	hash=$(hash_of $S/want)
	[ "$(q cat $K/gone)" != $hash ] || return 0
	if [ "$(q cat $K/proved)" = $hash ]; then
		rm -f k3s.failed
		echo "proved: k3s $(k3s_version) runs as $(want role), pods here have $(subnet SUBNET)" | at_once k3s.now
		return
	fi
	if [ ! -e $K/joined ]; then
		if [ $(want first) = yes ]; then enter k3s-installed; else enter api-reachable; fi
		findings >$S/findings
		[ ! -s $S/findings ] || { read -r code text <$S/findings; stopped $code "$text"; return; }
		api_answers || return
	fi
	enter k3s-installed
	open_pods
	place_files
	install_k3s && start_k3s || return
	: >$K/joined
	cp $S/want/install $K/install
	echo $hash | at_once $K/applied
	passed "k3s $(k3s_version) runs as $(want role)"
	prove_k3s || return
	echo $hash | at_once $K/proved
}

prove_k3s() { # what follows by itself: it is looked for again until it is so; the ledger on the page has the clock
	if [ $(want first) = yes ]; then
		enter api-reachable
		q kube get --raw /readyz | q grep -qx ok || return
		passed 'the API of this cluster answers'
	fi
	enter registered
	[ -s $DATA/agent/client-kubelet.crt ] || return
	passed "the cluster gave this machine its certificate as $(want name)"
	[ $(want backend) != none ] || return 0
	enter pod-range
	[ -n "$(subnet SUBNET)" ] || return
	passed "pods here have addresses of $(subnet SUBNET)"
}

# ---- requests: each is done once, and its answer is told until the server has it

ask_loop() {
	scratch k3s-ask.$$
	untold=0
	while q kill -0 $$; do
		pause=2 ids=''
		[ ! -e $C/requests ] || while read -r id kind limit args; do
			ids="$ids $id"
			case $kind in k3s-*) ;; *) continue ;; esac
			[ -e $K/answers/$id ] || do_request $id $kind $limit $args
			[ ! -s $K/answers/$id ] || tell_answer $id || { untold=$((untold + 1)) pause=$(backoff $untold 2 60); }
		done <$C/requests
		# What is asked no more needs no memory.
		for answer in $K/answers/*; do case "$ids " in *" ${answer##*/} "*) ;; *) rm -f $answer ;; esac; done
		sleep $pause
	done
	rm -rf $S
}

do_request() { # ID KIND LIMIT ARGS
	id=$1 kind=$2 limit=$3
	shift 3
	say "k3s: asked to: $kind $*"
	timeout $limit sh $0 request $kind "$@" >$S/words 2>&1 3>$S/secret </dev/null
	case $? in
		0) set -- "done" - ;;
		124 | 143) set -- failed timed-out ;;
		*) set -- failed $kind ;;
	esac
	{ printf '%s %s\n' spanwire 'answer 1' request $id state $1 code $2
		hide <$S/words | tr -cd '\n -~' | tail -c 1500 | block evidence
		[ $1 = failed ] || [ ! -s $S/secret ] || block secret <$S/secret; } >$S/answer
	rm -f $S/secret $S/words
	mv $S/answer $K/answers/$id
	say "k3s: $kind: $1"
}

tell_answer() { # ID; told, it is an empty file until it is asked no more
	reach
	post 20 answer $K/answers/$1 $S/out
	case $STATUS in
		2*) untold=0 ;;
		400 | 413) refusal $S/out && say "k3s: an answer was refused: $WHY" ;;
		*) return 1 ;;
	esac
	: >$K/answers/$1
}

part_request() { # KIND ARGS: a closed list; secrets leave by descriptor 3 and stand in no argument
	for arg; do case $arg in *[!A-Za-z0-9._:/=-]* | -*) echo 'an argument is not as the protocol says'; exit 1 ;; esac; done
	case $1:$# in
		k3s-read-server:1) printf 'token %s\n' "$(cat $DATA/server/token)" >&3 && cat $DATA/server/tls/server-ca.crt >&3 && echo 'token and certificate read' ;;
		k3s-mint-token:3) k3s token create --ttl ${3}s --description "spanwire $2" >&3 && echo "a token for $2, good for $3 s" ;;
		k3s-sign:3) sign_person $2 $3 ;;
		k3s-label:?*) shift && label_node "$@" ;;
		k3s-cordon:2) kube cordon $2 ;;
		k3s-drain:3) k3s kubectl drain $2 --ignore-daemonsets --delete-emptydir-data --force --timeout=${3}s ;;
		k3s-delete-node:2) kube delete node $2 --ignore-not-found && echo "no node $2 is left" ;;
		k3s-forget-password:2) kube -n kube-system delete secret $2.node-password.k3s --ignore-not-found && echo "no password of $2 is left" ;;
		k3s-restart:1) unit restart $(want unit) && echo "k3s is $(unit_state)" ;;
		k3s-uninstall:1) uninstall_k3s ;;
		*) echo 'this script does not know that request'; exit 1 ;;
	esac
}

sign_person() { # NAME SECONDS: the request k3s/csr.NAME, by Kubernetes' own signer, which refuses system:masters
	csr=spanwire-$$-$(now)
	kube create -f - <<-END || return
		apiVersion: certificates.k8s.io/v1
		kind: CertificateSigningRequest
		metadata: { name: $csr }
		spec:
		  request: $(base64 <$C/k3s/csr.$1 | tr -d '\n')
		  signerName: kubernetes.io/kube-apiserver-client
		  expirationSeconds: $2
		  usages: [ client auth ]
	END
	kube certificate approve $csr
	tries=20
	until kube get csr $csr -o 'jsonpath={.status.certificate}' | base64 -d >$S/crt && [ -s $S/crt ] || [ $((tries -= 1)) = 0 ]; do sleep 0.5; done
	kube delete csr $csr
	[ -s $S/crt ] && cat $S/crt >&3 && echo "signed, good for $2 s"
}

label_node() { # NAME WORDS as kubectl takes them: with a colon a taint, else a label; those that end in "-" go
	node=$1 labels='' taints=''
	shift
	for word; do case $word in *:*) taints="$taints $word" ;; *) labels="$labels $word" ;; esac; done
	[ -z "$labels" ] || kube label --overwrite node $node $labels || return
	for word in $taints; do
		# What is gone already is as it should be.
		said=$(kube taint --overwrite node $node $word 2>&1) || case $word:$said in *-:*'taint "'*'not found'*) continue ;; *) echo "$said"; return 1 ;; esac
		echo "$said"
	done
}

uninstall_k3s() {
	: >k3s.busy
	for tool in $(uninstallers); do $tool || { rm -f k3s.busy; return 1; }; done
	rm -f /etc/systemd/system/k3s*.service.d/10-spanwire.conf
	q rmdir /etc/systemd/system/k3s*.service.d
	for file in /etc/conf.d/k3s /etc/conf.d/k3s-agent; do ! q grep -q 'Written by Spanwire' $file || rm -f $file; done
	rm -rf $ETC/config.yaml.d/*spanwire* $ETC/spanwire-token /etc/rancher/node part/k3s-*
	# The same files do not bring it back, until somebody pastes the line again.
	[ ! -e $C/k3s ] || hash_of $C/k3s | at_once $K/gone
	rm -f $K/joined $K/applied $K/installed $K/proved $K/ours k3s.failed k3s.busy
	echo 'k3s and its data are off this machine'
}
uninstallers() { q ls /usr/local/bin/k3s-uninstall.sh /usr/local/bin/k3s-agent-uninstall.sh /opt/bin/k3s-uninstall.sh /opt/bin/k3s-agent-uninstall.sh; }

# ---- what is noted for the report

# NODE_STATUS_TEMPLATE of packages/mesh/src/cluster/node-status.ts: what a kubelet says of itself stands in quotes.
NODES='{{range .items}}node {{.metadata.name}}{{"\n"}}{{range .status.conditions}}{{if eq .type "Ready"}}ready {{.status}}{{"\n"}}reason {{printf "%q" .reason}}{{"\n"}}since {{.lastTransitionTime}}{{"\n"}}heartbeat {{.lastHeartbeatTime}}{{"\n"}}{{end}}{{end}}{{range .status.addresses}}{{if eq .type "InternalIP"}}internal-ip {{.address}}{{"\n"}}{{end}}{{end}}{{range .spec.podCIDRs}}pod-cidr {{.}}{{"\n"}}{{end}}version {{.status.nodeInfo.kubeletVersion}}{{"\n"}}{{range $key, $value := .metadata.labels}}{{if eq $key "node-role.kubernetes.io/control-plane"}}role control-plane{{"\n"}}{{end}}{{end}}{{if .spec.unschedulable}}unschedulable true{{"\n"}}{{end}}{{end}}'
LEASES='{{range .items}}lease {{.metadata.name}} {{.spec.renewTime}}{{"\n"}}{{end}}'
PODS='{{range .items}}{{.spec.nodeName}} {{.status.podIP}}{{"\n"}}{{end}}'

collect_loop() {
	scratch k3s-look.$$
	round=0 facts_at=-600 paced=0 told_by=0 nodes_at=0 nodes_were='' pods_at=-60 until_at=-3600 wake=no
	while q kill -0 $$; do
		# Gone when a node was taken out of its cluster and put in again meanwhile.
		[ -d part ] || [ ! -e $0 ] || { mkdir part; rm -f $S/known; facts_at=-600; }
		note_facts
		note_k3s
		if [ "$(want role)" = server ] && [ "$(unit_state)" = active ]; then note_cluster; else rm -f part/k3s-*; fi
		# A join and a policy on trial are looked at closely, what has settled seldom.
		if [ -e $K/proved ] && [ ! -e tried ]; then sleep 12; else sleep 3; fi
	done
	rm -rf $S
}

note_facts() { # when they changed, for as long as a few reports take
	pace=30
	[ ! -e $K/proved ] || pace=600
	# At once when somebody has asked meanwhile, and when k3s has come or gone.
	if [ -e k3s.look ] || [ $pace != $paced ] || [ $(($(now) - facts_at)) -ge $pace ]; then
		rm -f k3s.look
		facts_at=$(now) paced=$pace
		preflight_facts >$S/facts
		if ! cmp -s $S/facts $S/known; then
			cp $S/facts $S/known
			at_once part/preflight <$S/facts
			told_by=$(($(now) + 90))
			wake
		fi
	elif [ -e part/preflight ] && [ $(now) -gt $told_by ] && q grep -q '^in sync' status; then rm part/preflight; fi
}

note_k3s() {
	{ echo "service $(unit_state)"
		printf '%s %s\n' version "$(k3s_version)" applied "$(q cat $K/applied)" subnet "$(subnet SUBNET)" subnet6 "$(subnet IPV6_SUBNET)" \
			mtu "$(subnet MTU)" failed "$(q head -c 580 k3s.failed)" | grep ' .'; } >$S/k3s
	cmp -s $S/k3s $S/k3s.known || wake=yes
	cp $S/k3s $S/k3s.known
	if [ -e part/k3s-nodes ]; then
		echo "nodes-at $nodes_at" >>$S/k3s
		[ ! -e tried ] || wake=yes # rules on trial are judged by it
	fi
	at_once part/k3s <$S/k3s
	[ "$wake" != yes ] || { wake=no; wake; }
}

note_cluster() {
	# An error is never an empty answer: the last one stays, with its age.
	# A lease is young when a kubelet still speaks, long before Kubernetes gives it up.
	if q kube get nodes -o "go-template=$NODES" >$S/nodes && q kube -n kube-node-lease get leases -o "go-template=$LEASES" >>$S/nodes; then
		nodes_at=$(now)
		# The first sight of a node, or of its being Ready, is told at once.
		[ "$(grep -E '^(node|ready|internal-ip|pod-cidr) ' $S/nodes | sha)" = "$nodes_were" ] || wake=yes
		nodes_were=$(grep -E '^(node|ready|internal-ip|pod-cidr) ' $S/nodes | sha)
		at_once part/k3s-nodes <$S/nodes
	fi
	# Until there is one on each node.
	if [ "$(q grep -c '^node ' $S/nodes)" != "$(q grep -c ' [0-9]' $S/pods)" ] || [ $(($(now) - pods_at)) -ge 60 ] || [ "$wake" = yes ]; then
		! q kube -n kube-system get pods -l app=spanwire-probe -o "go-template=$PODS" >$S/new.pods || { mv $S/new.pods $S/pods && pods_at=$(now); }
	fi
	[ ! -e $S/pods ] || ping_pods
	if [ $(($(now) - until_at)) -ge 3600 ]; then
		until_at=$(now)
		curl -q -sv -k --noproxy '*' -m 10 -o $S/ping https://127.0.0.1:6443/ping 2>$S/tls
		sed -n 's/^.*expire date: /until /p' $S/tls | at_once part/k3s-certificate
	fi
}

ping_pods() { # 24 a round, in turn, all at once
	round=$((round + 24))
	awk -v n=$round '$2 ~ /^[0-9a-f.:]+$/ { l[c++] = $0 } END { for (i = 0; i < 24 && i < c; i++) print l[(n + i) % c] }' $S/pods >$S/round
	: >$S/answered
	{
		while read -r node ip; do
			{ rtt=$(q ping -n -c 1 -W 2 $ip | sed -n 's|.*time[=<]\([0-9.]*\).*|\1|p'); echo "$node $ip ${rtt:--} $(now)" >>$S/answered; } &
		done <$S/round
		wait
	}
	q cat part/k3s-pods | q awk 'FILENAME ~ /answered/ { seen[$1]; print; next } FILENAME ~ /pods/ { lives[$1]; next } ($1 in lives) && !($1 in seen)' $S/answered $S/pods - >$S/all.pods
	at_once part/k3s-pods <$S/all.pods
}

# flannel keeps the number of its interface: of one that was made anew it sets no route until k3s starts again (flannel#1759).
follow_face() {
	before=''
	[ -e $K/joined ] && read -r index 2>/dev/null </sys/class/net/$(want interface)/ifindex || return
	read -r before 2>/dev/null <k3s.face
	[ "$before" != $index ] || return
	case $(want backend):$(unit_state) in host-gw:active | vxlan:active) ;; *) return ;; esac
	ip -4 addr show dev $(want interface) | q grep -q " $(want node-ip)/" || return
	echo $index | at_once k3s.face
	[ -n "$before" ] || return
	say "k3s: $(want interface) was made anew: k3s starts again for its pod network"
	unit restart $(want unit)
}

# ---- verbs

part_run() { # PID of the core: as long as it lives and this file is the same
	core=$1 self=$(sha <$0) retry=0 failures=0 CHANGED=no is='' was='' opened=-60 LOOPS=''
	only k3s.sh
	trap tidy EXIT
	trap 'q kill $LOOPS; exit 0' TERM INT HUP
	rm -f part/k3s* part/preflight k3s.busy k3s.again k3s.now
	mkdir -p $K/answers part
	q ln -f $0 $K/self # as that of access
	for name in $(env | sed -n 's/^\([A-Z0-9_]*K3S_[A-Z0-9_]*\)=.*/\1/p'); do unset $name; done
	ask_loop &
	LOOPS=$!
	collect_loop &
	LOOPS="$LOOPS $!"
	while q kill -0 $core && { [ $0 -ef $K/self ] || [ "$(q cat $0 | sha)" = $self ]; }; do
		read -r up _ </proc/uptime
		[ ! -e k3s.again ] || { rm -f k3s.failed $K/gone $S/begun.* $S/done.* k3s.now k3s.again; retry=0 failures=0; }
		while read -r word value; do [ $word != view ] || is=$value; done 2>/dev/null <$C/meta
		[ "$is" = "$was" ] || retry=0
		if [ ! -e k3s.busy ] && [ ${up%.*} -ge $retry ]; then
			was=$is
			if reconcile; then failures=0 retry=$(($(now) + 10))
			elif [ -e k3s.failed ]; then failures=$((failures + 1)) retry=$(($(now) + $(backoff $failures 5 120)))
			fi
		fi
		follow_face
		if [ $((${up%.*} - opened)) -ge 60 ] && [ -e $K/joined ]; then
			opened=$(now)
			open_pods
		fi
		sleep 2
	done
	# Taken out of its cluster, it says nothing more of it.
	[ -e $0 ] || { rm -rf part/k3s* part/preflight $K/answers; q rmdir part; }
}

part_follow() { # what the loop does, for who pasted the line, until it is proven, has failed or waits for another machine
	: >k3s.again
	shown='' asked='' end=$(($(now) + 900)) calm=$(($(now) + 60))
	while [ $(now) -lt $end ]; do
		sleep 1
		[ ! -e k3s.again ] && read -r text 2>/dev/null <k3s.now || { [ $(now) -lt $calm ] || break; continue; }
		[ "$text" = "$shown" ] || { say "k3s: $text"; calm=$(($(now) + 60)); }
		shown=$text
		case $text in
			proved:*) exit 0 ;;
			# Another token is on its way.
			failed:*'401 Unauthorized'*) [ $(now) -lt $calm ] || exit 1 ;;
			failed:*) printf '  fix: the page says what to do; then paste the line again\n' >&2; exit 1 ;;
			waits:*)
				[ $(now) -lt $calm ] || break
				if [ -z "$asked" ] && [ $(now) -ge $((calm - 50)) ]; then
					asked=yes
					reach
					judged || [ $? = 2 ] || { printf '  fix: put that right, then paste the line again\n' >&2; exit 1; }
				fi ;;
		esac
	done
	say 'k3s: it goes on by itself; the page shows how'
}

part_check() { # DIR of the core, with its token: before anything of ours is on this machine
	AUTH=$1/token URL=$SERVER_URL PIN=$SERVER_PIN
	judged || [ $? = 2 ] || exit 1
}

part_doctor() {
	verdict=0
	reach
	judged || verdict=$?
	[ $verdict != 2 ] || { say 'k3s: the server does not say what it makes of this machine; by itself it finds:'
		findings | while read -r code text; do say "k3s: $code: $text"; done; }
	q cat k3s.now | while read -r text; do say "k3s: $text"; done
	[ -z "$(want unit)" ] || say "k3s: the service is $(unit_state)"
	[ $verdict != 1 ]
}

part_leave() {
	! pid=$(holder k3s.sh) || q kill $pid
	for tool in $(uninstallers); do say "k3s stays on this machine, with its data; $tool takes it off"; done
}

main() {
	case ${1-} in run | follow | check | doctor | leave | request) ;; *) echo 'k3s.sh run PID | follow | check DIR | doctor | leave | request KIND …' >&2; exit 2 ;; esac
	set -u
	umask 077
	export LC_ALL=C PATH="$PATH:/usr/local/bin:/usr/sbin:/sbin:/opt/bin"
	# Before a join the core is not on the disk: it was fetched to be looked at.
	eval "$(sed '$d' $([ $1 = check ] && echo $2/join || echo /var/lib/spanwire/script/current))"
	INIT=none
	if [ -d /run/systemd/system ]; then INIT=systemd; elif [ -d /run/openrc ]; then INIT=openrc; fi
	cd $R || exit 1
	verb=$1
	shift
	scratch k3s-$verb.$$
	trap tidy EXIT
	part_$verb "$@"
}
}

main "$@"
