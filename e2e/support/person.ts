import type { GraphQLAnswer } from './customer.ts';
import { readInbox } from './inbox.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are checked field by field
export type Json = any;

const session = 'accessToken refreshToken user { id roles email phoneNumber } userErrors { code field }';

/** Somebody who uses the ways in, over HTTP, and reads what is sent to them. */
export class Person {
  readonly #url: string;
  readonly #sandboxUrl: string;
  accessToken = '';
  refreshToken = '';

  constructor({ url, sandboxUrl }: { readonly url: string; readonly sandboxUrl: string }) {
    this.#url = url;
    this.#sandboxUrl = sandboxUrl;
  }

  /** Sends an operation with further headers. */
  send(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.accessToken && { authorization: `Bearer ${this.accessToken}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
  }

  async ask(
    query: string,
    variables: object = {},
    headers: Record<string, string> = {},
  ): Promise<GraphQLAnswer<Json>> {
    return (await this.send(query, variables, headers)).json();
  }

  /** Does a mutation; answers its payload. @throws when the answer has errors. */
  async do(name: string, input: object, fields = 'userErrors { code field }', headers = {}): Promise<Json> {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`;
    const { data, errors } = await this.ask(query, { input }, headers);
    if (errors || !data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data[name];
  }

  /** Does a mutation that logs in, as nobody yet, and keeps the tokens. */
  async enter(name: string, input: object, headers: Record<string, string> = {}): Promise<Json> {
    this.accessToken = '';
    const payload = await this.do(name, input, session, headers);
    this.accessToken = payload.accessToken ?? '';
    this.refreshToken = payload.refreshToken ?? '';
    return payload;
  }

  /** Asks for a code and reads it. */
  async receiveOtp(
    address: string,
    { purpose = 'LOGIN', ...more }: { purpose?: string; clientApp?: string } = {},
  ): Promise<{ challengeId: string; code: string }> {
    const before = (await this.#readCodes(address)).length;
    const to = address.includes('@') ? { email: address } : { phoneNumber: address };
    const input = { ...to, purpose, ...more };
    const { challenge } = await this.do('requestOtp', input, 'challenge { id } userErrors { code }');
    for (;;) {
      const codes = await this.#readCodes(address);
      if (codes.length > before) return { challengeId: challenge.id, code: codes[0] ?? '' };
    }
  }

  /** The token of the newest of so many mails. */
  async receiveToken(address: string, count = 1): Promise<string> {
    return /#token=([\w-]+)/.exec(await this.read(address, count))?.[1] ?? '';
  }

  /** The text of the newest message, as soon as there are so many. */
  async read(address: string, count = 1): Promise<string> {
    for (;;) {
      const texts = await readInbox(this.#sandboxUrl, address);
      if (texts.length >= count) return texts[0] ?? '';
    }
  }

  /** The codes that were sent to an address, the newest first. */
  async #readCodes(address: string): Promise<string[]> {
    return (await readInbox(this.#sandboxUrl, address)).flatMap(
      (text) => /\b(\d{6}) is your/.exec(text)?.[1] ?? [],
    );
  }
}
