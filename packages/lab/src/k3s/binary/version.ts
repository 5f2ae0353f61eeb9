/** Put in when the binary is built: one build for each release the lab serves. */
declare const K3S_VERSION: string

export const version = K3S_VERSION

/** "v1.34.1+k3s1" → [1, 34, 1]. */
export function versionNumbers(text: string): [number, number, number] {
  const found = /^v(\d+)\.(\d+)\.(\d+)/.exec(text)
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : [0, 0, 0]
}
