/**
 * The tests that a policy brings along. What `accept` asks for must be allowed from every address of the source to every one of the
 * target, what `deny` asks for from none to none. A test about who is not there yet says so and refuses nothing.
 */
import type { Family } from '../ip/address.ts'
import { formatInterval, isNobody, ofFamily } from './address-set.ts'
import { addressesOf } from './directory.ts'
import { error, type Finding, warning } from './finding.ts'
import { type Intervals, includes, intersect, overlap, subtract, union } from './intervals.ts'
import type { AccessPlan } from './plan-access.ts'
import type { PolicyTest, TestTarget } from './policy.ts'
import { protocolName } from './protocol-names.ts'
import { serviceHas } from './service.ts'

export type TestResult = {
  readonly test: PolicyTest
  readonly target: TestTarget
  readonly wants: 'accept' | 'deny'
  readonly state: 'passed' | 'failed' | 'idle'
  readonly sentence: string
}

export function runTests(plan: AccessPlan): readonly TestResult[] {
  return plan.policy.tests.flatMap((test) => [
    ...test.accept.map((target) => judge(plan, test, target, 'accept')),
    ...test.deny.map((target) => judge(plan, test, target, 'deny')),
  ])
}

/** Failed tests as findings at the place of what they ask for. */
export const testFindings = (results: readonly TestResult[]): readonly Finding[] =>
  results.flatMap(({ target, state, sentence }) =>
    state === 'passed'
      ? []
      : [
          state === 'failed'
            ? error(target.at, 'bad-value', sentence, 'Change the rules or the test')
            : warning(target.at, 'nobody-yet', sentence, 'Nothing to do; it is looked at again when somebody is there'),
        ],
  )

function judge(plan: AccessPlan, test: PolicyTest, target: TestTarget, wants: 'accept' | 'deny'): TestResult {
  const result = (state: TestResult['state'], sentence: string): TestResult => ({
    test,
    target,
    wants,
    state,
    sentence,
  })
  const [from, to] = [addressesOf(plan.directory, test.source), addressesOf(plan.directory, target.selector)]
  const pairs = ([4, 6] as const).filter(
    (family) => ofFamily(from, family).length > 0 && ofFamily(to, family).length > 0,
  )
  if (isNobody(from) || isNobody(to) || pairs.length === 0) {
    const who = isNobody(from) ? test.source.text : target.selector.text
    return result('idle', `Nobody is ${who} at the moment, so this test says nothing.`)
  }
  for (const family of pairs) {
    const fault = faultOf(plan, test, target, wants, ofFamily(from, family), ofFamily(to, family), family)
    if (fault !== null) return result('failed', fault)
  }
  return result('passed', `${test.source.text} ${wants === 'accept' ? 'reaches' : 'does not reach'} ${target.text}.`)
}

function faultOf(
  plan: AccessPlan,
  test: PolicyTest,
  target: TestTarget,
  wants: 'accept' | 'deny',
  from: Intervals,
  to: Intervals,
  family: Family,
): string | null {
  if (plan.policy.isOpen)
    return wants === 'accept'
      ? null
      : `${test.source.text} reaches ${target.text}: there is no policy, so everything is allowed.`
  const parts = plan.parts.filter(
    (part) =>
      overlap(ofFamily(part.destinations, family), to) &&
      part.services.some((service) => test.protocols.some((protocol) => serviceHas(service, protocol, target.port))),
  )
  const what = `${test.protocols.map(protocolName).join(' or ')} ${target.port}`
  if (wants === 'deny') {
    const wrong = parts.find((part) => overlap(ofFamily(part.sources, family), from))
    if (!wrong) return null
    const [source, destination] = [
      firstOf(intersect(ofFamily(wrong.sources, family), from), family),
      firstOf(intersect(ofFamily(wrong.destinations, family), to), family),
    ]
    return `Rule ${wrong.rule} lets ${what} from ${source} to ${destination} through, and the test says it must not.`
  }
  for (const piece of cut(
    to,
    parts.map((part) => ofFamily(part.destinations, family)),
  )) {
    const allowed = parts
      .filter((part) => includes(ofFamily(part.destinations, family), piece))
      .map((part) => ofFamily(part.sources, family))
      .reduce(union, [])
    const missing = subtract(from, allowed)
    if (missing.length > 0)
      return `No rule lets ${what} from ${firstOf(missing, family)} to ${firstOf([{ first: piece, last: piece }], family)} through, and the test says it must.`
  }
  return null
}

/** One address of each stretch that is judged alike. */
function cut(to: Intervals, sets: readonly Intervals[]): readonly bigint[] {
  const starts = new Set(to.map(({ first }) => first))
  for (const set of sets)
    for (const { first, last } of intersect(set, to)) {
      starts.add(first)
      if (includes(to, last + 1n)) starts.add(last + 1n)
    }
  return [...starts]
}

const firstOf = (set: Intervals, family: Family): string =>
  set[0] ? formatInterval({ first: set[0].first, last: set[0].first }, family) : ''
