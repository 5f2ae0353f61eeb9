/** Bare SQL: the rows of each machine of a network once more, into tables of the same columns, checks and indexes. */
import pg from 'pg'

/** As many as the server lets enrol at the same time. */
const CONNECTIONS = 4
/** The table, and how its rows are found by the machine. */
const TABLES = {
  nodes: 'id',
  address_leases: 'node_id',
  join_steps: 'node_id',
  node_status: 'node_id',
  events: 'subject_id',
} as const

type Rows = ReadonlyMap<keyof typeof TABLES, string>

/** Machines a second. */
export async function bareEnrolments(databaseUrl: string, networkId: string): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS })
  try {
    await makeTables(pool)
    const machines = await readMachines(pool, networkId)
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => pool.connect()))
    const queue = machines.values()
    const begun = performance.now()
    await Promise.all(
      connections.map(async (connection) => {
        for (const machine of queue) await writeMachine(connection, machine)
      }),
    )
    const took = (performance.now() - begun) / 1000
    for (const connection of connections) connection.release()
    return machines.length / took
  } finally {
    await pool.end()
  }
}

async function makeTables(pool: pg.Pool): Promise<void> {
  await pool.query('DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare')
  for (const table of Object.keys(TABLES)) await pool.query(`CREATE TABLE bare.${table} (LIKE ${table} INCLUDING ALL)`)
}

async function readMachines(pool: pg.Pool, networkId: string): Promise<Rows[]> {
  const { rows: nodes } = await pool.query<{ id: string }>(
    `SELECT id FROM nodes WHERE network_id = $1 AND role = 'member'`,
    [networkId],
  )
  const machines = new Map(nodes.map(({ id }) => [id, new Map<keyof typeof TABLES, string>()]))
  for (const [table, key] of Object.entries(TABLES)) {
    const { rows } = await pool.query<{ id: string; rows: string }>(
      `SELECT ${key}::text AS id, jsonb_agg(to_jsonb(t))::text AS rows FROM ${table} t
        WHERE ${key}::text = ANY($1) GROUP BY ${key}`,
      [[...machines.keys()]],
    )
    for (const { id, rows: text } of rows) machines.get(id)?.set(table as keyof typeof TABLES, text)
  }
  return [...machines.values()]
}

async function writeMachine(connection: pg.PoolClient, machine: Rows): Promise<void> {
  await connection.query('BEGIN')
  for (const [table, rows] of machine)
    await connection.query({
      name: table,
      text: `INSERT INTO bare.${table} SELECT * FROM jsonb_populate_recordset(NULL::bare.${table}, $1)`,
      values: [rows],
    })
  await connection.query('COMMIT')
}
