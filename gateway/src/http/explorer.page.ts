import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** The first journey, ready to run step by step. Each tab says what to paste where. */
const tabs = [
  {
    query: `# 1. Ask for a code. It arrives in the sandbox's inbox (http://localhost:4900).
mutation RequestOtp {
  requestOtp(input: { phoneNumber: "+919876543210", purpose: LOGIN }) {
    challenge { id maskedDestination expiresAt attemptsRemaining }
    userErrors { code message field }
  }
}`,
  },
  {
    query: `# 2. Log in: put the code in. Then paste the accessToken into the "Headers" of the next tabs.
mutation LogIn {
  loginWithOtp(input: { destination: "+919876543210", code: "" }) {
    accessToken
    accessTokenExpiresAt
    refreshToken
    user { id roles }
    userErrors { code message field }
  }
}`,
  },
  {
    query: `# 3. Your bills. Copy the paymentRequest token of one that is DUE.
query Bills {
  me {
    id
    phoneNumber
    bills(first: 5, filter: { status: DUE }) {
      edges { node { id billNumber status amountDue { amount currencyCode } paymentRequest { token expiresAt } } }
    }
  }
}`,
    headers: '{ "authorization": "Bearer PASTE-THE-ACCESS-TOKEN" }',
  },
  {
    query: `# 4. Start the payment: paste the token. Then open the checkoutUrl and pay.
mutation Pay {
  initiatePayment(input: {
    paymentRequest: ""
    gateway: RAZORPAY
    idempotencyKey: "my-first-payment"
    returnUrl: "http://localhost:4000/payments/return"
  }) {
    payment { id status checkoutUrl }
    userErrors { code message field }
  }
}`,
    headers: '{ "authorization": "Bearer PASTE-THE-ACCESS-TOKEN" }',
  },
  {
    query: `# 5. Watch it: paste the payment's id, run this, and then pay.
subscription Watch {
  paymentStatusChanged(paymentId: "") {
    cursor
    status
    settlement
    payment { id amount { amount } payable { __typename ... on Bill { billNumber status } } }
  }
}`,
    headers: '{ "authorization": "Bearer PASTE-THE-ACCESS-TOKEN" }',
  },
];

/** GraphiQL, whole in one page: it works without the internet. Subscriptions come as server-sent events. */
export function renderExplorer(): string {
  return renderGraphiQL({ title: 'Suvidha explorer', endpoint: '/graphql', defaultTabs: tabs });
}
