import { type BrowserContext, expect, type Page } from '@playwright/test'
import type { Host } from '@spanwire/lab/host'

/** Who sits before the browser: what a person does on several pages, done as a person does it. */
export class Person {
  readonly page: Page
  readonly #context: BrowserContext
  readonly #url: string

  constructor(page: Page, url: string) {
    this.page = page
    this.#context = page.context()
    this.#url = url
  }

  /** A second tab of the same browser. */
  async inNewTab(): Promise<Person> {
    return new Person(await this.#context.newPage(), this.#url)
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(`${this.#url}${path}`)
  }

  /** Makes the organization: the first visit does. */
  async signUp(): Promise<void> {
    await this.goto('/')
    await this.page.getByLabel('Your name').fill('Ada')
    await this.page.getByLabel('Email').fill('ada@example.com')
    await this.page.getByLabel('Organization').fill('Lovelace')
    await this.page.getByLabel('Password', { exact: true }).fill('correct horse battery staple')
    await this.page.getByRole('button', { name: 'Make account' }).click()
    await this.page.waitForURL((url) => url.pathname !== '/setup')
  }

  async signIn(email: string, password: string): Promise<void> {
    await this.goto('/sign-in')
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await this.page.waitForURL(/\/networks/)
  }

  /** With the ranges that are proposed. */
  async makeNetwork(name: string): Promise<string> {
    await this.goto('/networks/new')
    await this.page.getByLabel('Name').fill(name)
    await expect(this.page.getByLabel('Address range')).toHaveValue(/^10\.\d+\.\d+\.0\/\d+$/)
    await this.page.getByRole('button', { name: 'Create network' }).click()
    await this.page.waitForURL(/\/networks\/[0-9a-f-]{36}/)
    return /networks\/([0-9a-f-]{36})/.exec(this.page.url())![1]!
  }

  async openAddNode(network: string, name: string): Promise<void> {
    await this.goto(`/networks/${network}/add-node`)
    await this.nameNode(name)
  }

  /** On the Add node page that is open. */
  async nameNode(name: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Name', exact: true })
    await field.fill(name)
    await expect(field).toHaveValue(name)
  }

  /** What is on the clipboard when the button was pressed, once the form is saved. */
  async copyLine(): Promise<string> {
    const { page } = this
    // The form saves by itself a moment after the last change, and says so from then on.
    await page.waitForTimeout(500)
    await expect(page.locator('output', { hasText: /^saved$/ })).toBeVisible()
    await page.bringToFront()
    await page.getByRole('button', { name: 'Copy the line' }).click()
    await expect(page.getByText('The line is on the clipboard.')).toBeAttached()
    return page.evaluate(() => navigator.clipboard.readText())
  }

  /** The line as it was copied, in the machine's terminal; what it printed there. */
  async paste(host: Host, line: string, timeoutMs: number): Promise<string> {
    const pasted = await host.exec(line, { timeoutMs })
    expect(pasted.code, pasted.stdout + pasted.stderr).toBe(0)
    return pasted.stdout
  }
}
