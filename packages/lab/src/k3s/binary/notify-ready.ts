import { writeFileSync } from 'node:fs'

/**
 * Real k3s sends READY=1 to systemd's NOTIFY_SOCKET. Node has no datagram sockets of that kind, so the lab's systemctl
 * looks for a file instead.
 */
export function notifyReady(): void {
  const file = process.env.LAB_NOTIFY
  if (file) writeFileSync(file, 'READY=1\n')
}
