/** Names that stay as they are spelled wherever they stand: those of machines (home-1), addresses, and programs in lower case. */
const SPELLED = /^(\S*[-./:\d]\S*|vxlan|kubelet|kubectl|kubeadm|flannel|containerd|spanwire)([\s,:]|$)/

/** Rules speak in parts of sentences; at its beginning a page writes them with a capital, but k3s as k3s. */
export function beginSentence(text: string): string {
  return SPELLED.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
}
