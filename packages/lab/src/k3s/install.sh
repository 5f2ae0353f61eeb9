#!/bin/sh
# A stand-in for k3s's install.sh: the same variables, files, order and refusals, so that a script that runs the real one
# unchanged can be tested. Left out: OpenRC, SELinux packages, builds by commit or pull request.
set -e
set -o noglob

GITHUB_URL=${GITHUB_URL:-https://github.com/k3s-io/k3s/releases}

info() { echo '[INFO] ' "$@"; }
fatal() { echo '[ERROR] ' "$@" >&2; exit 1; }

main() {
	verify_system
	read_environment "$@"
	download_and_verify
	create_links
	create_killall
	create_uninstall
	remove_service
	create_env_file
	create_unit
	enable_and_start
}

verify_system() {
	command -v systemctl > /dev/null || fatal 'Can not find systemd or openrc to use as a process supervisor for k3s'
}

read_environment() {
	case ${1-} in
		-* | '')
			COMMAND=server
			if [ -n "$K3S_URL" ]; then
				[ -n "$K3S_TOKEN$K3S_TOKEN_FILE" ] ||
					fatal "Defaulted k3s exec command to 'agent' because K3S_URL is defined, but K3S_TOKEN or K3S_TOKEN_FILE is not defined."
				COMMAND=agent
			fi ;;
		*) COMMAND=$1; shift ;;
	esac
	case $K3S_URL in
		'' | https://*) ;;
		*) fatal "Only https:// URLs are supported for K3S_URL (have $K3S_URL)" ;;
	esac
	ARGUMENTS=$(for each; do printf " \\\\\n\t'%s'" "$(printf %s "$each" | sed "s/'/'\\\\''/g")"; done)
	case $COMMAND in server) NAME=k3s ;; *) NAME=k3s-$COMMAND ;; esac
	[ -z "$INSTALL_K3S_NAME" ] || NAME=k3s-$INSTALL_K3S_NAME
	case $NAME in *[!A-Za-z0-9.@-]*) fatal "Invalid characters for system name: $NAME" ;; esac
	[ "$(id -u)" -eq 0 ] || fatal 'the stand-in has to be run by root'
	TYPE=${INSTALL_K3S_TYPE:-notify}
	BIN_DIR=${INSTALL_K3S_BIN_DIR:-/usr/local/bin}
	if [ -z "$INSTALL_K3S_BIN_DIR" ] && ! { touch "$BIN_DIR/k3s-ro-test" && rm "$BIN_DIR/k3s-ro-test"; } 2> /dev/null; then
		[ ! -d /opt/bin ] || BIN_DIR=/opt/bin
	fi
	SYSTEMD_DIR=${INSTALL_K3S_SYSTEMD_DIR:-/etc/systemd/system}
	UNIT_FILE=$SYSTEMD_DIR/$NAME.service
	ENV_FILE=$UNIT_FILE.env
	UNINSTALL=$BIN_DIR/$NAME-uninstall.sh
	KILLALL=$BIN_DIR/k3s-killall.sh
	BEFORE=$(hashes)
	[ "$INSTALL_K3S_BIN_DIR_READ_ONLY" != true ] || INSTALL_K3S_SKIP_DOWNLOAD=true
}

hashes() { sha256sum "$BIN_DIR/k3s" "$UNIT_FILE" "$ENV_FILE" 2>&1 || true; }

download_and_verify() {
	case $INSTALL_K3S_SKIP_DOWNLOAD in
		true | binary)
			info 'Skipping k3s download and verify'
			[ -x "$BIN_DIR/k3s" ] || fatal "Executable k3s binary not found at $BIN_DIR/k3s"
			return ;;
	esac
	case $(uname -m) in
		x86_64 | amd64) arch=amd64 suffix='' ;;
		aarch64 | arm64) arch=arm64 suffix=-arm64 ;;
		s390x) arch=s390x suffix=-s390x ;;
		arm*) arch=arm suffix=-armhf ;;
		*) fatal "Unsupported architecture $(uname -m)" ;;
	esac
	command -v curl > /dev/null || command -v wget > /dev/null || fatal 'Can not find curl or wget for downloading files'
	TMP_DIR=$(mktemp -d -t k3s-install.XXXXXXXXXX)
	trap 'code=$?; trap - EXIT; rm -rf "$TMP_DIR"; exit $code' INT EXIT
	find_version
	info "Downloading hash $GITHUB_URL/download/$VERSION/sha256sum-$arch.txt"
	download "$TMP_DIR/k3s.hash" "$GITHUB_URL/download/$VERSION/sha256sum-$arch.txt"
	expected=$(grep " k3s$suffix\$" "$TMP_DIR/k3s.hash")
	expected=${expected%%[[:blank:]]*}
	if [ -x "$BIN_DIR/k3s" ] && [ "$(sha256 "$BIN_DIR/k3s")" = "$expected" ]; then
		info 'Skipping binary downloaded, installed k3s matches hash'
		return
	fi
	info "Downloading binary $GITHUB_URL/download/$VERSION/k3s$suffix"
	download "$TMP_DIR/k3s.bin" "$GITHUB_URL/download/$VERSION/k3s$suffix"
	info 'Verifying binary download'
	found=$(sha256 "$TMP_DIR/k3s.bin")
	[ "$found" = "$expected" ] || fatal "Download sha256 does not match $expected, got $found"
	chmod 755 "$TMP_DIR/k3s.bin"
	info "Installing k3s to $BIN_DIR/k3s"
	chown root:root "$TMP_DIR/k3s.bin"
	mv -f "$TMP_DIR/k3s.bin" "$BIN_DIR/k3s"
}

find_version() {
	VERSION=$INSTALL_K3S_VERSION
	if [ -z "$VERSION" ]; then
		channel=${INSTALL_K3S_CHANNEL:-stable}
		info "Finding release for channel $channel"
		url=${INSTALL_K3S_CHANNEL_URL:-https://update.k3s.io/v1-release/channels}/$channel
		VERSION=$(curl -w '%{url_effective}' -L -s -S "$url" -o /dev/null | sed -e 's|.*/||')
	fi
	info "Using $VERSION as release"
}

download() { # FILE URL
	if command -v curl > /dev/null; then curl -o "$1" -sfL "$2" || fatal 'Download failed'
	else wget -qO "$1" "$2" || fatal 'Download failed'; fi
}

sha256() { sha256sum "$1" | cut -d ' ' -f 1; }

create_links() {
	[ "$INSTALL_K3S_BIN_DIR_READ_ONLY" != true ] && [ "$INSTALL_K3S_SYMLINK" != skip ] || return 0
	for link in kubectl crictl ctr; do
		there=$(command -v $link || true)
		if [ "$INSTALL_K3S_SYMLINK" = force ] || [ -z "$there" ]; then
			info "Creating $BIN_DIR/$link symlink to k3s"
			ln -sf k3s "$BIN_DIR/$link"
		else
			info "Skipping $BIN_DIR/$link symlink to k3s, command exists in PATH at $there"
		fi
	done
}

create_killall() {
	[ "$INSTALL_K3S_BIN_DIR_READ_ONLY" != true ] || return 0
	info "Creating killall script $KILLALL"
	cat > "$KILLALL" << 'EOF'
#!/bin/sh
# Ends k3s and every pod, and takes from the machine's network what they put there.
for unit in /etc/systemd/system/k3s*.service; do
	[ ! -s "$unit" ] || systemctl stop "$(basename "$unit")"
done
for process in /proc/[0-9]*; do
	! tr '\0' ' ' 2> /dev/null < "$process/cmdline" | grep -q '/var/lib/rancher/k3s/data/[^/]*/bin/containerd-shim' ||
		kill -9 "${process#/proc/}" 2> /dev/null
done
ip netns list 2> /dev/null | grep -o '^cni-[^ ]*' | while read -r netns; do ip netns delete "$netns"; done
ip -o link show master cni0 2> /dev/null | while read -r _ device _; do device=${device%:}; ip link delete "${device%%@*}"; done
for device in cni0 flannel.1 flannel-v6.1 kube-ipvs0 flannel-wg flannel-wg-v6; do ip link delete $device 2> /dev/null; done
rm -rf /var/lib/cni/ /run/k3s/pods
iptables-save | grep -v KUBE- | grep -v CNI- | grep -iv flannel | iptables-restore
ip6tables-save | grep -v KUBE- | grep -v CNI- | grep -iv flannel | ip6tables-restore
EOF
	chmod 755 "$KILLALL"
}

create_uninstall() {
	[ "$INSTALL_K3S_BIN_DIR_READ_ONLY" != true ] || return 0
	info "Creating uninstall script $UNINSTALL"
	cat > "$UNINSTALL" << EOF
#!/bin/sh
$KILLALL
systemctl disable $NAME
systemctl reset-failed $NAME
rm -f $UNIT_FILE $ENV_FILE
systemctl daemon-reload
trap 'rm -f $UNINSTALL' EXIT
if ls $SYSTEMD_DIR/k3s*.service > /dev/null 2>&1; then
	echo 'Additional k3s services installed, skipping uninstall of k3s'
	exit
fi
for link in kubectl crictl ctr; do [ ! -L $BIN_DIR/\$link ] || rm -f $BIN_DIR/\$link; done
rm -rf /etc/rancher/k3s /run/k3s /run/flannel /var/lib/rancher/k3s /var/lib/kubelet
rm -f $BIN_DIR/k3s $KILLALL
EOF
	chmod 755 "$UNINSTALL"
}

remove_service() {
	systemctl disable "$NAME" > /dev/null 2>&1 || true
	rm -f "$UNIT_FILE" "$ENV_FILE"
}

create_env_file() {
	info "env: Creating environment file $ENV_FILE"
	touch "$ENV_FILE"
	chmod 0600 "$ENV_FILE"
	exported=$(sh -c export | sed 's/^export //')
	printf '%s\n' "$exported" | grep -E '^(K3S|CONTAINERD)_' >> "$ENV_FILE" || true
	printf '%s\n' "$exported" | grep -Ei '^(NO|HTTP|HTTPS)_PROXY' >> "$ENV_FILE" || true
}

create_unit() {
	info "systemd: Creating service file $UNIT_FILE"
	cat > "$UNIT_FILE" << EOF
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=$TYPE
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-$ENV_FILE
KillMode=process
Delegate=yes
User=root
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$BIN_DIR/k3s \\
    $COMMAND$ARGUMENTS
EOF
}

enable_and_start() {
	if ! grep -qs memory /sys/fs/cgroup/cgroup.controllers && ! grep -qs '^memory.*1$' /proc/cgroups; then
		info 'Failed to find memory cgroup, you may need to add "cgroup_memory=1 cgroup_enable=memory" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)'
	fi
	[ "$INSTALL_K3S_SKIP_ENABLE" != true ] || return 0
	info "systemd: Enabling $NAME unit"
	systemctl enable "$UNIT_FILE" > /dev/null
	systemctl daemon-reload > /dev/null
	[ "$INSTALL_K3S_SKIP_START" != true ] || return 0
	if [ "$BEFORE" = "$(hashes)" ] && [ "$INSTALL_K3S_FORCE_RESTART" != true ]; then
		info 'No change detected so skipping service start'
		return
	fi
	# Wipes any rule with these words in it, whoever made it.
	for tables in iptables ip6tables; do
		! command -v $tables-save > /dev/null || $tables-save 2> /dev/null | grep -v KUBE- | grep -iv flannel | $tables-restore
	done
	info "systemd: Starting $NAME"
	systemctl restart "$NAME"
}

# shellcheck disable=SC2086,SC2294
eval set -- $(printf '%s' "$INSTALL_K3S_EXEC" | sed 's/[][!#$%&()*;<=>?\_`{|}]/\\&/g') '"$@"'
main "$@"
