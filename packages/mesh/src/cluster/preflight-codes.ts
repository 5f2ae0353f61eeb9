/**
 * All that a preflight can find, worst first. `blocks`: the join stops before anything is written. `fixable`: `--fix` puts it right.
 * The sentence and the evidence are made where it is found; the fix is the same for all machines.
 */
export const PREFLIGHT_CODES = {
  'arch-unsupported': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'k3s has programs for x86-64, 64-bit and 32-bit ARM, and s390x. Use another machine.',
  },
  'no-init': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'The installer of k3s needs systemd or OpenRC. In a container, use an image that starts one of them.',
  },
  'no-wireguard': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Install the kernel module (packages wireguard, kmod-wireguard or linux-modules-extra), or wireguard-go; "install packages" does it.',
  },
  'cgroup-missing': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Switch the controllers on: on a Raspberry Pi append "cgroup_memory=1 cgroup_enable=memory" to the line in /boot/firmware/cmdline.txt and reboot.',
  },
  'module-missing': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Install the package with the rest of the kernel modules (linux-modules-extra-$(uname -r), kernel-modules-extra), then paste the line again.',
  },
  'no-default-route': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'k3s does not start without a default route. Add one; a dummy interface will do.',
  },
  'nm-cloud-setup': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer, then reboot: it removes routes of k3s, whose service refuses to start beside it.',
  },
  'range-overlap': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Give the cluster (or the network) a range that this machine does not use, or take that range off the machine.',
  },
  'udp-blocked': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: "Let this machine send UDP to the gateway, and open the gateway's UDP port in its cloud firewall and router.",
  },
  'port-in-use': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Stop that program, or let it listen on another port.',
  },
  'servicelb-takes-web-ports': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Disable servicelb or traefik in the cluster, or move the program to other ports: ServiceLB sends everything for ports 80 and 443 to Traefik.',
  },
  'kubernetes-present': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Take it off first (k3s-uninstall.sh, k3s-agent-uninstall.sh or kubeadm reset), or use another machine.',
  },
  'name-taken': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Give this node another name; two nodes of a cluster cannot share one.',
  },
  'node-password': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Delete the old node from the cluster here (its password secret goes with it), then paste the line again.',
  },
  'version-skew': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Install the release that the cluster runs.',
  },
  'host-firewall': {
    severity: 'critical',
    blocks: true,
    fixable: true,
    fix: 'Paste the line with "open the host firewall" chosen (--fix), or add the rule that the evidence names.',
  },
  'clock-wrong': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Set the clock: timedatectl set-ntp true (systemd), or rc-service chronyd start (Alpine). Certificates would not be valid yet, or no longer.',
  },
  'disk-full': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'Free some space: program and images take about 1 GB, and a full disk evicts every pod.',
  },
  'memory-too-small': {
    severity: 'critical',
    blocks: true,
    fixable: false,
    fix: 'k3s does not run in so little memory. Use a larger machine, or join the network only.',
  },
  'facts-unreadable': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Run "spanwire doctor" on the machine. If it stays, report the line that the evidence names: a name on that machine is one that the server does not take.',
  },
  'range-overlap-elsewhere': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Pods and services of the cluster would hide those addresses there. Choose other ranges while the cluster is young.',
  },
  'cgroup-v1': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Boot with systemd.unified_cgroup_hierarchy=1: Kubernetes 1.35 and later do not start on cgroup v1.',
  },
  'memory-low': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'k3s asks for 2 GB on a server and 512 MB on an agent, without your own programs.',
  },
  'cpus-few': { severity: 'warning', blocks: false, fixable: false, fix: 'k3s asks for two cores on a server.' },
  'disk-low': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Free some space: kubelet evicts pods when less than 15 % is left.',
  },
  'clock-off': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Switch time synchronisation on: timedatectl set-ntp true (systemd), or rc-service chronyd start (Alpine).',
  },
  'mtu-low': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: "Lower the network's MTU, for all of its nodes: larger packets are broken in two on the way, or lost.",
  },
  'ipv6-filter-strict': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Set IPv6_rpfilter=loose (or no, before firewalld 2.1) in /etc/firewalld/firewalld.conf, then firewall-cmd --reload.',
  },
  'release-loses-flannel': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Choose a release that has the mend; see the evidence.',
  },
  'config-overridden': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Take the key out of that file: it is read after ours and wins.',
  },
  'no-resolver': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Give kubelet a resolv.conf with a name server that is not on loopback (resolv-conf in the arguments of the cluster); pods otherwise ask 8.8.8.8.',
  },
  'selinux-air-gap': {
    severity: 'warning',
    blocks: false,
    fixable: false,
    fix: 'Install the package k3s-selinux by hand: without a way out the installer cannot fetch it.',
  },
  'wireguard-userspace': {
    severity: 'info',
    blocks: false,
    fixable: false,
    fix: 'It works and costs processor time. A kernel from 5.6 on has WireGuard inside.',
  },
  'docker-present': {
    severity: 'info',
    blocks: false,
    fixable: false,
    fix: 'Docker sets FORWARD to drop; Spanwire and k3s accept their own traffic before it. Its networks are checked against the ranges.',
  },
  'nat-hard': {
    severity: 'info',
    blocks: false,
    fixable: false,
    fix: 'Nothing to do: this machine talks to others through the gateway.',
  },
} as const satisfies Record<
  string,
  { severity: 'critical' | 'warning' | 'info'; blocks: boolean; fixable: boolean; fix: string }
>

export type PreflightCode = keyof typeof PREFLIGHT_CODES

export type PreflightFinding = {
  readonly code: PreflightCode
  readonly severity: 'critical' | 'warning' | 'info'
  readonly blocks: boolean
  readonly fixable: boolean
  readonly sentence: string
  /** The fact that it rests on, in the machine's words. */
  readonly evidence: string
  readonly fix: string
}

/** One finding; a fact may know a better fix than the table. */
export const found = (code: PreflightCode, sentence: string, evidence: string, fix?: string): PreflightFinding => {
  const rule = PREFLIGHT_CODES[code]
  return {
    code,
    severity: rule.severity,
    blocks: rule.blocks,
    fixable: rule.fixable,
    sentence,
    evidence,
    fix: fix ?? rule.fix,
  }
}
