export type TestResult = {
  file: string
  name: string
  state: 'passed' | 'failed' | 'skipped'
  said: string
  again?: boolean
}
export function readVitest(report: unknown, root: string): TestResult[]
export function readPlaywright(report: unknown): TestResult[]
export function afterAgain(first: TestResult[], alone: TestResult[]): TestResult[]
export function standAlone(source: string): boolean
export function hasFailed(test: TestResult): boolean
