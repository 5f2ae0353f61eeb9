/**
 * What makes k3s start after the tunnel: flannel looks for its interface and kubelet for its address when they start, and both give
 * up if they are not there.
 */

/** For /etc/systemd/system/k3s.service.d/10-spanwire.conf, and the same of k3s-agent. */
export function renderUnitDropIn(): string {
  // Wants, not Requires: k3s goes on when the node script is restarted. The first start downloads images for longer than any
  // default time-out, and systemd would kill it; newer installers write the same 0.
  return `# Written by Spanwire: k3s starts after the tunnel.
[Unit]
After=spanwire.service
Wants=spanwire.service

[Service]
TimeoutStartSec=0
`
}

/** For /etc/conf.d/k3s and /etc/conf.d/k3s-agent; OpenRC has no time-out for a supervised daemon. */
export function renderOpenrcDropIn(): string {
  return `# Written by Spanwire: k3s starts after the tunnel.
rc_after="spanwire"
rc_use="spanwire"
`
}
