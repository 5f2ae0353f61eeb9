import { expect, test } from 'vitest'
import { kubeconfigText } from './kubeconfig-text.ts'

const signed = {
  cluster: 'home',
  server: 'https://10.77.0.1:6443',
  caPem: '-----BEGIN CERTIFICATE-----\nCA\n-----END CERTIFICATE-----\n',
  certificatePem: '-----BEGIN CERTIFICATE-----\nMINE\n-----END CERTIFICATE-----\n',
  user: 'ada@example.com',
}
const key = '-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n'
const decoded = (text: string, name: string): string => {
  const [, data = ''] = new RegExp(`${name}: (\\S+)`).exec(text) ?? []
  return Buffer.from(data, 'base64').toString()
}

test('the file holds the authority, the certificate and the key, each whole', () => {
  const text = kubeconfigText(signed, key)
  expect(decoded(text, 'certificate-authority-data')).toBe(signed.caPem)
  expect(decoded(text, 'client-certificate-data')).toBe(signed.certificatePem)
  expect(decoded(text, 'client-key-data')).toBe(key)
  expect(text).toContain('    server: "https://10.77.0.1:6443"\n')
  expect(text).toContain('current-context: "ada@example.com@home"\n')
})

test('a name with quotes, a colon or a line end stays one word of the file', () => {
  const text = kubeconfigText({ ...signed, user: 'a": b\n- name: evil' }, key)
  expect(text).toContain('- name: "a\\": b\\n- name: evil"\n')
  expect(text.split('\n').filter((line) => line.startsWith('- name:'))).toHaveLength(3)
})
