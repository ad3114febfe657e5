import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { readInbox } from './inbox.ts';

export interface GraphQLAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
}

export interface UserErrors {
  readonly userErrors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: readonly string[] | null;
  }[];
}

export interface StatusEvent {
  readonly cursor: string;
  readonly status: string;
  readonly settlement: string;
  readonly payment: {
    readonly id: string;
    readonly payable: { readonly __typename: string; readonly billNumber: string; readonly status: string };
  };
}

export interface Payment {
  readonly id: string;
  readonly status: string;
  readonly checkoutUrl: string | null;
}

export interface Bill {
  readonly id: string;
  readonly billNumber: string;
  readonly status: string;
  readonly paymentRequest: { readonly token: string } | null;
}

/** The demo customer, as the first documents of the API's contract have them do things. */
export class Customer {
  readonly #url: string;
  readonly #sandboxUrl: string;
  #accessToken = '';

  constructor({ url, sandboxUrl }: { url: string; sandboxUrl: string }, accessToken = '') {
    this.#url = url;
    this.#sandboxUrl = sandboxUrl;
    this.#accessToken = accessToken;
  }

  get accessToken(): string {
    return this.#accessToken;
  }

  async ask<Data>(query: string, variables: object = {}): Promise<GraphQLAnswer<Data>> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.#accessToken && { authorization: `Bearer ${this.#accessToken}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLAnswer<Data>;
  }

  /** @throws when the answer has errors. */
  async get<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.ask<Data>(query, variables);
    if (errors || !data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data;
  }

  async logIn(phoneNumber = '+919876543210'): Promise<void> {
    const before = await readInbox(this.#sandboxUrl, phoneNumber);
    const { requestOtp } = await this.get<{ requestOtp: { challenge: { id: string } } }>(
      `mutation { requestOtp(input: { phoneNumber: "${phoneNumber}", purpose: LOGIN }) {
        challenge { id maskedDestination expiresAt attemptsRemaining } userErrors { code message field } } }`,
    );
    const code = await this.#readCode(phoneNumber, before.length);
    const { loginWithOtp } = await this.get<{ loginWithOtp: { accessToken: string } & UserErrors }>(
      `mutation { loginWithOtp(input: { challengeId: "${requestOtp.challenge.id}", code: "${code}" }) {
        accessToken accessTokenExpiresAt refreshToken user { id roles } userErrors { code message field } } }`,
    );
    this.#accessToken = loginWithOtp.accessToken;
  }

  async listBills(): Promise<Bill[]> {
    const { me } = await this.get<{ me: { bills: { edges: { node: Bill }[] } } }>(
      `{ me { id phoneNumber bills(first: 10) { edges { node {
        id billNumber status amountDue { amount currencyCode } paymentRequest { token expiresAt } } } } } }`,
    );
    return me.bills.edges.map(({ node }) => node);
  }

  async findDueBill(): Promise<Bill & { paymentRequest: { token: string } }> {
    const bill = (await this.listBills()).find(({ status }) => status === 'DUE');
    if (!bill?.paymentRequest) throw new Error('no bill is due');
    return { ...bill, paymentRequest: bill.paymentRequest };
  }

  async initiatePayment(
    paymentRequest: string,
    idempotencyKey: string,
  ): Promise<{ payment: Payment | null } & UserErrors> {
    const { initiatePayment } = await this.get<{ initiatePayment: { payment: Payment | null } & UserErrors }>(
      `mutation ($token: String!, $key: String!) { initiatePayment(input: {
        paymentRequest: $token, gateway: RAZORPAY, idempotencyKey: $key, returnUrl: "${this.#url}/payments/return"
      }) { payment { id status checkoutUrl } userErrors { code message field } } }`,
      { token: paymentRequest, key: idempotencyKey },
    );
    return initiatePayment;
  }

  /** Does on the sandbox's payment page what a payer does. */
  async payAt(checkoutUrl: string, outcome: 'success' | 'decline' = 'success'): Promise<void> {
    const response = await fetch(`${this.#sandboxUrl}/control/pay`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ checkoutUrl, outcome }),
    });
    if (!response.ok) throw new Error(`the sandbox took no payment: ${await response.text()}`);
  }

  /** Watches a payment over a socket; the caller ends it by leaving the loop. */
  async *watch(paymentId: string, after?: string): AsyncGenerator<StatusEvent> {
    const client = this.openSocket();
    try {
      const events = client.iterate<{ paymentStatusChanged: StatusEvent }>({
        query: `subscription ($id: ID!, $after: String) { paymentStatusChanged(paymentId: $id, after: $after) {
          cursor status settlement
          payment { id amount { amount } payable { __typename ... on Bill { billNumber status } } } } }`,
        variables: { id: paymentId, after },
      });
      for await (const { data, errors } of events) {
        if (!data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
        yield data.paymentStatusChanged;
      }
    } finally {
      await client.dispose();
    }
  }

  /** Watches until the money is where it belongs, and answers everything that was seen. */
  async watchUntilSettled(paymentId: string, after?: string): Promise<StatusEvent[]> {
    const seen: StatusEvent[] = [];
    for await (const event of this.watch(paymentId, after)) {
      seen.push(event);
      if (event.settlement !== 'PENDING') break;
    }
    return seen;
  }

  openSocket(): Client {
    return createClient({
      url: `${this.#url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: this.#accessToken ? { authorization: `Bearer ${this.#accessToken}` } : {},
    });
  }

  /** @param known messages that were there before the code was asked for. */
  async #readCode(phoneNumber: string, known: number): Promise<string> {
    for (;;) {
      const texts = await readInbox(this.#sandboxUrl, phoneNumber);
      const [newest] = texts.length > known ? texts : [];
      const code = newest && /\d{6}/.exec(newest)?.[0];
      if (code) return code;
    }
  }
}
