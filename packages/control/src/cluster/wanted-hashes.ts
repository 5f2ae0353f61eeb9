import type { ClusterSettings } from '@spanwire/mesh/cluster/cluster-settings'
import type { Sql } from '../machine/sql.ts'
import type { Seal } from '../secrets.ts'
import { filesHash, memberFiles, readFileMembers } from './member-files.ts'

/** Of the files that each machine is to have when all is done, as it reports what it applied. */
export async function wantedHashes(sql: Sql, seal: Seal, networkId: string): Promise<Map<string, string>> {
  const [row] = await sql.query<{ settings: ClusterSettings; datastore: Buffer | null }>(
    'SELECT settings, datastore FROM clusters WHERE network_id = $1',
    [networkId],
  )
  if (!row) return new Map()
  const members = await readFileMembers(sql, networkId)
  return new Map(
    members.flatMap((member) => {
      const files = memberFiles(seal, members, member, row)
      return files ? [[member.nodeId, filesHash(files)] as const] : []
    }),
  )
}
