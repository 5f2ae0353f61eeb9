/** Like a public key, another for each number: nobody has its private half. */
export function sampleKey(number: number): string {
  const bytes = Buffer.alloc(32, 7)
  bytes.writeUInt32LE(number, 1)
  bytes[0] = 9
  bytes[31] = 1
  return bytes.toString('base64')
}
