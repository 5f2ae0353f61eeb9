#!/bin/sh
# The k3s part of Spanwire on a node: makes this machine the k3s server or agent that the confirmed bundle says, does what is asked,
# and notes what is so for the next report. The core starts it, never waits for it, and posts what it hands over.
# docs/protocol.md has the files and requests. The last line calls main: a download cut short does nothing.
# Unquoted are our own words and what the core has checked: no space and no pattern in them.
# shellcheck disable=SC2046,SC2086,SC2015,SC2016
C=/var/lib/spanwire/confirmed L=/var/lib/spanwire/k3s R=/run/spanwire/k3s CORE=/usr/local/bin/spanwire
ETC=/etc/rancher/k3s DATA=/var/lib/rancher/k3s
STEP='' CODE='' TEXT='' S=$R/tmp

{ # a group runs only when it is whole: no part of a function's name is ever a command

say() { printf 'spanwire: k3s: %s\n' "$*"; }
q() { "$@" 2>/dev/null; }
now() { read -r up _ </proc/uptime && echo ${up%.*}; }
want() { q awk -v "k=$1" '$1 == k { print $2; exit }' $C/k3s/install; }
line() { tr '\n\t' '  ' | tr -cd ' -~' | head -c ${1-300}; }
sha() { sha256sum | cut -c1-64; }
k3s() { $(command -v k3s || echo /usr/local/bin/k3s) "$@"; }
kube() { k3s kubectl --request-timeout=10s "$@"; }

# ---- the ledger, on the page of the join

begin() { [ "$STEP" = $1 ] || { STEP=$1 CODE='' TEXT=''; $CORE _step $1 running </dev/null; }; }
finish() { say "$STEP: $1"; echo "$1" | $CORE _step $STEP "done"; STEP='' CODE='' TEXT=''; }

stop() { # CODE TEXT: this step failed; it is tried again
	[ "$CODE$TEXT" = "$1$2" ] || { say "$STEP: $1: $2"; printf '%s\n' "$2" | $CORE _step $STEP failed $1; }
	CODE=$1 TEXT=$2
	return 1
}

# ---- what this machine says for itself

has_systemd() { [ -d /run/systemd/system ]; }
service() { # VERB
	if has_systemd; then q systemctl -q $1 $(want unit); else q rc-service -q $(want unit) $1; fi
}

state() { # of the service: active, activating, failed, inactive, absent
	if has_systemd; then
		[ -e /etc/systemd/system/$(want unit).service ] || { echo absent; return; }
		systemctl is-active $(want unit)
	elif [ ! -e /etc/init.d/$(want unit) ]; then echo absent
	elif service status; then echo active
	else echo inactive; fi
}

journal() { # the last words of the service
	if has_systemd; then q journalctl -q -n 60 -o cat -u $(want unit); else q tail -n 60 /var/log/$(want unit).log; fi
}

version() { q k3s --version | awk 'NR == 1 { print $3 }'; }
subnet() { q sed -n "s/^FLANNEL_$1=//p" /run/flannel/subnet.env; }

# ---- preflight of k3s: what would break it here, before anything is written

kilobytes() { df -Pk $1 | awk 'NR == 2 { print $4 }'; }
listens() { # PORT: somebody does, on TCP
	q cat /proc/net/tcp /proc/net/tcp6 | awk -v p=$(printf ':%04X' $1) '$4 == "0A" && $2 ~ p "$" { found = 1 } END { exit !found }'
}

findings() { # CODE TEXT, one a line
	[ -e $L/ours ] || {
		[ ! -e /etc/systemd/system/k3s.service ] && [ ! -e /etc/systemd/system/k3s-agent.service ] || echo 'k3s-exists another k3s is installed here'
		for port in $([ "$(want role)" != server ] || echo 6443) 10250; do ! listens $port || echo "port-taken TCP port $port is in use"; done
		[ ! -e /etc/rancher/node/password ] || echo 'node-password a password of an earlier Kubernetes node lies in /etc/rancher/node'
	}
	[ ! -e /etc/kubernetes/kubelet.conf ] || echo 'kubeadm-exists kubeadm made this machine a node of another cluster'
	[ $(kilobytes /var/lib) -gt 1048576 ] || echo "disk-full /var/lib has $(($(kilobytes /var/lib) / 1024)) MiB left"
	awk '/^MemTotal/ && $2 < 460800 { print "low-memory this machine has", int($2 / 1024), "MiB" }' /proc/meminfo
	q grep -qw memory /sys/fs/cgroup/cgroup.controllers || q awk '$1 == "memory" && $4 { f = 1 } END { exit !f }' /proc/cgroups || echo 'no-cgroup the memory cgroup is off'
	for module in br_netfilter overlay; do
		[ -d /sys/module/$module ] || q modprobe -nq $module || grep -qw $module /proc/filesystems || echo "no-module the kernel has no $module"
	done
}

# ---- installing

api() { # the API server answers through the tunnel, with the certificate that we expect
	at=$(want server)
	[ $at != - ] || return 0
	begin api-reachable
	took=$(q curl -q -s -k --connect-timeout 5 -m 10 -o $S/cacerts -w '%{http_code} %{time_total}' $at/cacerts)
	case $took in
		200*) ;;
		*) stop api-unreachable "$at does not answer from here through the tunnel (${took%% *})"; return ;;
	esac
	# The token names the certificate authority (K10, its SHA-256, ::): without it anybody could be the server.
	grep -q "^K10$(sha <$S/cacerts)::" $C/k3s/token || { stop ca-mismatch "$at answers with another certificate authority than the cluster's"; return; }
	finish "$at answered in $(echo ${took#* } | awk '{ printf "%d", $1 * 1000 }') ms"
}

put() { # FILE AT MODE: as the bundle has it; 0 when it is another than before
	if [ -s $C/k3s/$1 ]; then
		! cmp -s $C/k3s/$1 $2 || return 1
		mkdir -p $(dirname $2) && cp $C/k3s/$1 $2.new && chmod $3 $2.new && mv $2.new $2
	else
		[ -e $2 ] && rm -f $2
	fi
}

write_files() { # 0 when anything is new
	new=1
	put config.yaml $ETC/config.yaml.d/10-spanwire.yaml 600 && new=0
	put secrets.yaml $ETC/config.yaml.d/11-spanwire-secrets.yaml 600 && new=0
	put registries.yaml $ETC/registries.yaml 600 && new=0
	# Who has joined has a certificate: another token changes nothing for it.
	put token $ETC/spanwire-token 600 && [ ! -e $L/joined ] && new=0
	if ! has_systemd; then put openrc.conf /etc/conf.d/$(want unit) 644 && new=0
	elif put unit.conf /etc/systemd/system/$(want unit).service.d/10-spanwire.conf 644; then new=0 && systemctl daemon-reload; fi
	[ "$(want role)" != server ] || put probe.yaml $DATA/server/manifests/spanwire-probe.yaml 600
	return $new
}

install() {
	wanted="$(want version)$(want channel)"
	[ "$(state)" = absent ] || [ "$(version)" != "$(want version)" ] || return 0
	[ "$(state)" = absent ] || [ "$(q cat $L/installed)" != "$wanted" ] || return 0
	from=$(want installer) hash=$(want installer-sha256)
	case $from in
		/*) q cp $from $S/install.sh ;;
		*) q curl -q -fsSL --proto =https -m 120 -o $S/install.sh $from ;;
	esac || { stop installer-fetch "$from could not be fetched"; return; }
	[ $hash = - ] || [ $hash = "$(sha <$S/install.sh)" ] ||
		{ stop installer-hash "$from has the SHA-256 $(sha <$S/install.sh), which is not the one of the cluster"; return; }
	if [ "$(want version)" ]; then set -- INSTALL_K3S_VERSION=$wanted; else set -- INSTALL_K3S_CHANNEL=$wanted; fi
	touch $L/ours
	if env "$@" INSTALL_K3S_SKIP_DOWNLOAD=$(want skip-download) INSTALL_K3S_EXEC=$(want role) INSTALL_K3S_SKIP_START=true \
		sh $S/install.sh >$L/install.log 2>&1; then echo $wanted >$L/installed
	elif [ $(kilobytes /var/lib) -lt 65536 ]; then stop disk-full "the disk is full: $(tail -n 2 $L/install.log | line)"
	else stop installer-failed "the installer ended with an error: $(tail -n 3 $L/install.log | line)"; fi
}

why_down() { # the server knows k3s' own words: it is told the last ones
	stop service-failed "k3s is $(state): $(journal | tail -n 8 | line 900)"
}

run_it() { # starts it, or starts it anew; 0 when it runs
	was=$(state)
	case $1:$was in
		kept:active) return 0 ;;
		kept:activating) ;;
		*) if has_systemd; then q systemctl -q enable $(want unit); systemctl --no-block restart $(want unit); else service restart; fi ;;
	esac
	end=$(($(now) + 120))
	while [ $(now) -lt $end ]; do
		sleep 2
		case $(state) in
			active) return 0 ;;
			failed) break ;;
		esac
	done
	why_down
}

registered() { [ -s $DATA/agent/client-kubelet.crt ]; }

reconcile() { # 0 when all that this machine can do is done
	if [ "$(q cat $L/applied)" = "$(cat $C/k3s/* | sha)" ] && [ "$(state)" = active ]; then
		[ -e $L/proved ] || prove
		return
	fi
	if [ ! -e $L/joined ]; then
		[ "$(want first)" = no ] || begin k3s-installed
		[ -n "$STEP" ] || begin api-reachable
		found=$(findings | head -n 1)
		[ -z "$found" ] || { stop ${found%% *} "${found#* }"; return; }
		api || return
	fi
	begin k3s-installed
	kept=kept
	! write_files || kept=changed
	install || return
	run_it $kept || return
	touch $L/joined
	cat $C/k3s/* | sha >$L/applied
	rm -f $L/proved
	finish "k3s $(version) runs as $(want role)"
	prove
}

prove() { # what follows of itself: waited for, told, and seen by a server of the cluster
	begin registered
	registered || { stop not-registered "k3s runs, and has no certificate of its cluster yet: $(journal | tail -n 1 | line 200)"; return; }
	finish "the cluster gave this machine its certificate as $(want name)"
	if [ $(want backend) != none ]; then
		begin pod-range
		[ -n "$(subnet SUBNET)" ] || { stop no-pod-range 'flannel has not written /run/flannel/subnet.env yet'; return; }
		finish "pods here have addresses of $(subnet SUBNET)"
	fi
	touch $L/proved
}

# ---- requests: each is done once, and its answer is told until the server has it

requests() {
	q awk '$2 ~ /^k3s-/' $C/requests | while read -r id kind limit args; do
		[ -e $L/answers/$id ] || do_it $id $kind $limit $args
		[ -e $L/answers/$id.told ] || ! $CORE _post /node/v1/answer $L/answers/$id || { : >$L/answers/$id && touch $L/answers/$id.told; }
	done
	# What is asked no more needs no memory.
	for kept in $(q ls $L/answers); do q grep -q "^${kept%.told} " $C/requests || rm -f $L/answers/$kept; done
}

do_it() { # ID KIND LIMIT ARGS
	id=$1 kind=$2 limit=$3
	shift 3
	say "asked to: $kind $*"
	: >$S/secret
	if ( [ $# -lt 9 ] && timeout_in $limit $(echo $kind | tr - _) "$@" ) >$S/words 2>&1; then state="state done"; else state="state failed
code $kind"; fi
	{ echo 'spanwire answer 1'; echo "request $id"; echo "$state"
		echo :evidence; tail -c 1500 $S/words | tr -cd '\n -~' | sed 's/^/ /'
		[ ! -s $S/secret ] || { echo :secret; sed 's/^/ /' $S/secret; }; } >$L/answers/new
	chmod 600 $L/answers/new && mv $L/answers/new $L/answers/$id
	: >$S/secret
}

timeout_in() { # SECONDS FUNCTION ARGS
	limit=$1
	shift
	"$@" & worker=$!
	{ sleep $limit; q kill $worker; } >/dev/null & watch=$!
	wait $worker
	set -- $?
	q kill $watch
	return $1
}

k3s_read_server() {
	{ printf 'token %s\n' "$(cat $DATA/server/token)"; cat $DATA/server/tls/server-ca.crt; } >$S/secret && echo 'read'
}
k3s_mint_token() { k3s token create --ttl ${2}s --description "spanwire $1" >$S/secret && echo "a token for $1, good for $2 s"; }
k3s_cordon() { kube cordon $1; }
k3s_drain() { kube drain $1 --ignore-daemonsets --delete-emptydir-data --force --timeout=${2}s; }
k3s_delete_node() { kube delete node $1 --ignore-not-found; }
k3s_forget_password() { kube -n kube-system delete secret $1.node-password.k3s --ignore-not-found; }
k3s_restart() { run_it changed; }

k3s_uninstall() {
	for tool in k3s-uninstall.sh k3s-agent-uninstall.sh; do
		[ ! -x /usr/local/bin/$tool ] || /usr/local/bin/$tool || return
	done
	rm -f $L/applied $L/joined $L/ours $L/installed $L/proved
	rm -rf /etc/rancher/node
	echo 'k3s and its data are off this machine'
}

# ---- what is noted for the report

# As packages/mesh/src/cluster/node-status.ts has it: what a kubelet says of itself stands in quotes.
NODES='{{range .items}}node {{.metadata.name}}{{"\n"}}{{range .status.conditions}}{{if eq .type "Ready"}}ready {{.status}}{{"\n"}}reason {{printf "%q" .reason}}{{"\n"}}since {{.lastTransitionTime}}{{"\n"}}heartbeat {{.lastHeartbeatTime}}{{"\n"}}{{end}}{{end}}{{range .status.addresses}}{{if eq .type "InternalIP"}}internal-ip {{.address}}{{"\n"}}{{end}}{{end}}{{range .spec.podCIDRs}}pod-cidr {{.}}{{"\n"}}{{end}}version {{.status.nodeInfo.kubeletVersion}}{{"\n"}}{{range $key, $value := .metadata.labels}}{{if eq $key "node-role.kubernetes.io/control-plane"}}role control-plane{{"\n"}}{{end}}{{end}}{{if .spec.unschedulable}}unschedulable true{{"\n"}}{{end}}{{end}}'

collect() {
	{ echo "service $(state)"
		echo "version $(version)"
		echo "applied $(q cat $L/applied)"
		[ -z "$(subnet SUBNET)" ] || echo "subnet $(subnet SUBNET)"
		[ -z "$(subnet IPV6_SUBNET)" ] || echo "subnet6 $(subnet IPV6_SUBNET)"
		[ -z "$(subnet MTU)" ] || echo "mtu $(subnet MTU)"
		[ ! -e $R/nodes-at ] || echo "nodes-at $(cat $R/nodes-at)"
		[ -z "$CODE" ] || printf 'failed %s %s %s\n' $STEP $CODE "$TEXT"; } >$R/new && mv $R/new $R/said
	[ "$(want role)" = server ] && [ "$(state)" = active ] || { rm -f $R/nodes $R/pods; return; }
	# An error is never an empty answer: the last one stays, with its age.
	q kube get nodes -o "go-template=$NODES" >$R/new && mv $R/new $R/nodes && now >$R/nodes-at
	q kube -n kube-system get pods -l app=spanwire-probe -o 'go-template={{range .items}}{{.spec.nodeName}} {{.status.podIP}}{{"\n"}}{{end}}' >$R/probes && ping_pods
	certificate >$R/new && mv $R/new $R/certificate
}

ping_pods() { # a pod of ours on each node; 24 a round, in turn
	PODS=$((${PODS-0} + 24))
	awk -v n=$PODS '$2 ~ /^[0-9a-f.:]+$/ { l[c++] = $0 } END { for (i = 0; i < 24 && i < c; i++) print l[(n + i) % c] }' $R/probes >$S/round
	while read -r node ip; do
		rtt=$(q ping -n -c 1 -W 2 $ip | sed -n 's|.*time[=<]\([0-9.]*\).*|\1|p')
		echo "$node $ip ${rtt:--} $(now)"
	done <$S/round >$S/answered
	q cat $S/answered $R/pods | awk '!seen[$1]++' >$R/new && mv $R/new $R/pods
}

certificate() { # until when the serving certificate of the API is good
	file=$DATA/server/tls/serving-kube-apiserver.crt
	! command -v openssl >/dev/null || q openssl x509 -noout -enddate -in $file | sed 's/^notAfter=/until /'
}

# ---- verbs

cmd_run() { # PID of the core: as long as it lives
	mkdir -p $L/answers $S && chmod 700 $L $R
	retry=0 failures=0 looked=-60
	while q kill -0 $1; do
		cd $R || exit
		if [ -s $C/k3s/install ] && [ $(now) -ge $retry ]; then
			if reconcile; then failures=0; else
				failures=$((failures + 1))
				retry=$(($(now) + (failures < 12 ? failures * 5 : 60)))
			fi
		fi
		requests
		[ $(($(now) - looked)) -lt 10 ] || { collect; looked=$(now); }
		sleep 3
	done
}

main() {
	umask 077
	PATH=$PATH:/usr/local/bin:/usr/sbin:/sbin
	export LC_ALL=C
	case ${1-} in
		run) cmd_run $2 ;;
		findings) findings ;;
		uninstall) k3s_uninstall ;;
		*) echo "k3s.sh: run PID, findings, uninstall" >&2; exit 2 ;;
	esac
}

}
main "$@"
