import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { environmentOfChild } from '../env.ts'
import { Stop } from '../stop.ts'

/** How to start a program that refuses to run as root. */
export type RunAs = { uid?: number; gid?: number; prefix: string[] }

const asMyself: RunAs = { prefix: [] }
/**
 * Root in a user namespace where it is somebody else: PostgreSQL is content, and files of root are still its own. For a
 * checkout in /root, where no other user can enter. 65534 is nobody.
 */
const asRenamedRoot: RunAs = { prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'] }

/**
 * PostgreSQL refuses to run as root. For root it runs as whoever owns the cluster; a cluster that is to be made goes to the
 * user `postgres` (made when missing) if that one can reach both the data directory and the binaries.
 */
export async function runAs(cluster: string, data: string, binary: string): Promise<RunAs> {
  const owner = await stat(cluster).catch(() => null)
  const me = process.getuid?.()
  if (me !== 0) {
    if (owner && me !== undefined && owner.uid !== me)
      throw new Stop(
        `${cluster} belongs to another user (uid ${owner.uid}): start as that user, or name another SPANWIRE_DATA.`,
      )
    return asMyself
  }
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid, prefix: [] }
  if (!owner) {
    const user = postgresUser() ?? makePostgresUser()
    if (user && reaches(user, data, binary)) return { ...user, prefix: [] }
  }
  if (works(asRenamedRoot, binary)) return asRenamedRoot
  throw new Stop(
    `PostgreSQL does not run as root, and the user postgres cannot enter ${data} or ${binary}: start as an ordinary user, or clone to a directory that others can enter (/srv, /opt).`,
  )
}

type User = { uid: number; gid: number }

function postgresUser(): User | null {
  const ids = ['-u', '-g'].map((flag) => Number(run(['id', flag, 'postgres'])?.trim() || Number.NaN))
  const [uid, gid] = ids
  return uid && gid ? { uid, gid } : null
}

function makePostgresUser(): User | null {
  // Debian and RHEL families have useradd, Alpine has busybox adduser.
  run(['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/sbin/nologin', 'postgres']) ??
    run(['adduser', '-S', '-D', '-H', '-s', '/sbin/nologin', 'postgres'])
  return postgresUser()
}

function reaches(user: User, data: string, binary: string): boolean {
  return run(['sh', '-c', 'test -x "$1" && test -r "$2" && test -x "$2"', 'sh', data, binary], user) !== null
}

function works(how: RunAs, binary: string): boolean {
  return run([...how.prefix, binary, '--version']) !== null
}

function run([program = '', ...args]: string[], user: Partial<User> = {}): string | null {
  const ended = spawnSync(program, args, { encoding: 'utf8', env: environmentOfChild(), timeout: 10_000, ...user })
  return ended.status === 0 ? ended.stdout : null
}
