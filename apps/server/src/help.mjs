// Plain JavaScript: `npm start -- --help` prints it in a fresh clone, before anything is installed.

/** Every setting, as `--help` and the README show it. All are environment variables and all have a default. */
export const settingsTable = [
  { name: 'PORT', standard: '3000', meaning: 'TCP port of the console, the API and the nodes' },
  {
    name: 'HOST',
    standard: 'localhost; all addresses once SPANWIRE_URL names more than this machine',
    meaning: 'address to listen on, 0.0.0.0 for all',
  },
  {
    name: 'SPANWIRE_URL',
    standard: 'http://localhost:PORT (https with SPANWIRE_TLS)',
    meaning: 'the address that nodes and browsers use, for example https://spanwire.example.com',
  },
  {
    name: 'SPANWIRE_DATA',
    standard: './data',
    meaning: 'directory of the embedded PostgreSQL, the secret and the certificate',
  },
  { name: 'DATABASE_URL', standard: 'embedded PostgreSQL', meaning: 'postgresql://user:password@host:5432/database' },
  {
    name: 'SPANWIRE_SECRET',
    standard: 'a file in SPANWIRE_DATA, made at first start',
    meaning: '32 characters or more; signs sessions and encrypts secrets; the same on all servers of one database',
  },
  {
    name: 'SPANWIRE_TLS',
    standard: 'off',
    meaning: 'off, self-signed (the join line pins it), or CERTIFICATE:KEY (paths of two PEM files)',
  },
  {
    name: 'SPANWIRE_TRUSTED_PROXIES',
    standard: 'none',
    meaning: 'addresses or CIDR ranges whose forwarded headers count, for example 127.0.0.1,10.0.0.0/8',
  },
  { name: 'SPANWIRE_CONSOLE', standard: 'on', meaning: 'off serves nodes and the API alone, without the pages' },
]

export function help() {
  const width = Math.max(...settingsTable.map(({ name }) => name.length))
  const rows = settingsTable.flatMap(({ name, standard, meaning }) => [
    `  ${name.padEnd(width)}  ${meaning}`,
    `  ${' '.repeat(width)}  default: ${standard}`,
  ])
  return [
    'Spanwire: one page from which scattered machines join a WireGuard network.',
    '',
    'usage: npm start                     serves the console; Ctrl-C ends it',
    '       npm run admin -- --help       makes an owner, an API key or a new password without a browser',
    '',
    'Settings are environment variables:',
    '',
    ...rows,
    '',
  ].join('\n')
}
