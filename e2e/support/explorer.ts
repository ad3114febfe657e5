import type { Page } from 'playwright-core';

/** The bundled explorer, used as a person does: tabs, editors, the run button, the answer. */
export class Explorer {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(url: string): Promise<void> {
    await this.#page.goto(`${url}/explorer`);
    await this.#page.getByRole('button', { name: /Execute query/ }).waitFor();
  }

  /** By keyboard: the tabs can be dragged, and take a short press for the start of it. */
  async openTab(name: string): Promise<void> {
    await this.#page.bringToFront();
    const tab = this.#page.locator('.graphiql-tab-button', { hasText: name });
    await tab.focus();
    await this.#page.keyboard.press('Enter');
    await this.#page.locator('.graphiql-tab-active', { has: tab }).waitFor();
  }

  async setVariables(variables: object): Promise<void> {
    await this.#write('Variables', variables);
  }

  async setHeaders(headers: object): Promise<void> {
    await this.#write('Headers', headers);
  }

  async run(): Promise<void> {
    await this.#page.getByRole('button', { name: /Execute query/ }).click();
  }

  /** The answer, copied out of its editor once it shows what is expected. */
  async readAnswer(expected: RegExp): Promise<string> {
    const answer = this.#page.locator('.graphiql-response .view-lines');
    await answer.filter({ hasText: expected }).waitFor();
    await this.#page.bringToFront();
    await answer.click();
    for (const keys of ['ControlOrMeta+A', 'ControlOrMeta+C', 'ArrowLeft'])
      await this.#page.keyboard.press(keys);
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }

  async #write(tool: 'Variables' | 'Headers', value: object): Promise<void> {
    await this.#page.getByRole('button', { name: tool, exact: true }).click();
    const editor = this.#page
      .locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .monaco-editor')
      .first();
    await editor.click();
    await this.#page.keyboard.press('ControlOrMeta+A');
    await this.#page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify(value, null, 2));
    await this.#page.keyboard.press('ControlOrMeta+V');
  }
}
