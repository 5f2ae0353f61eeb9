// `npm run admin -- …`: owner, API key and password without a browser. Secrets come by stdin or by file, never by argv, which every
// user of the machine can read.
import { Refusal } from '@spanwire/control/refusal'
import { Command, InvalidArgumentError, Option } from 'commander'
import { makeApiKey } from './admin/make-api-key.ts'
import { makeOwner } from './admin/make-owner.ts'
import { newPassword } from './admin/new-password.ts'
import { readSecret } from './admin/read-secret.ts'
import { withServices } from './admin/with-services.ts'
import { prepareEnvironment, readSettings } from './env.ts'
import { makeLog } from './log.ts'
import { Stop } from './stop.ts'

const program = new Command('npm run admin --')
  .description(
    'Works beside a running server and without one; takes the settings of `npm start` (SPANWIRE_DATA, DATABASE_URL, …).',
  )
  .showHelpAfterError()

const passwordFile = ['--password-file <path>', 'read the password from this file instead of standard input'] as const

program
  .command('make-owner')
  .description('makes the first owner, or one more')
  .requiredOption('--email <address>', 'e-mail address to sign in with')
  .requiredOption('--name <name>', 'name as others see it')
  .option('--organization <name>', 'name of the organization, for the first owner', 'My organization')
  .option(...passwordFile)
  .action(async (options: { email: string; name: string; organization: string; passwordFile?: string }) => {
    const password = await readSecret('Password', options.passwordFile)
    await withServices(readSettings(), (services) => makeOwner(services, { ...options, password }))
    console.log(`${options.email} is an owner.`)
  })

program
  .command('make-api-key')
  .description('makes an API key and prints it, this once')
  .requiredOption('--name <name>', 'what it is for')
  .addOption(
    new Option('--role <role>', 'what it may do')
      .choices(['viewer', 'operator', 'admin', 'owner'])
      .makeOptionMandatory(),
  )
  .option('--expires-days <days>', 'days until it ends', days, 90)
  .option('--organization <name>', 'whose key it is, where there are several')
  .action(async (options: { name: string; role: string; expiresDays: number; organization?: string }) => {
    console.log(await withServices(readSettings(), (services) => makeApiKey(services, options)))
  })

program
  .command('reset-password')
  .description('gives a person a new password and ends all sessions of that person')
  .requiredOption('--email <address>', 'whose')
  .option(...passwordFile)
  .action(async (options: { email: string; passwordFile?: string }) => {
    const password = await readSecret('New password', options.passwordFile)
    await withServices(readSettings(), (services) => newPassword(services, { email: options.email, password }))
    console.log(`${options.email} has a new password.`)
  })

function days(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) < 1) throw new InvalidArgumentError('Give a number of days from 1.')
  return Number(text)
}

prepareEnvironment()
program.parseAsync().catch((error) => {
  if (error instanceof Stop) console.error(error.message)
  else if (error instanceof Refusal) console.error([error.message, error.fix].filter(Boolean).join(' '))
  else if (error?.name === 'ZodError')
    console.error(
      error.issues
        .map((issue: { path: PropertyKey[]; message: string }) => `${issue.path.join('.')}: ${issue.message}`)
        .join('\n'),
    )
  else makeLog('warn').error(error, { part: 'admin' })
  process.exitCode = 1
})
