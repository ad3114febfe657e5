import type { ExplorerTab } from './explorer.page.ts';

const headers = '{\n  "authorization": "Bearer PASTE-THE-ACCESS-TOKEN"\n}';

/** The way from logging in to a paid bill, a tab per step. What to paste where stands in each. */
export function toFirstJourney(returnUrl: string): ExplorerTab[] {
  return [
    { query: requestOtp },
    { query: logIn, variables: '{\n  "destination": "+919876543210",\n  "code": ""\n}' },
    { query: bills, headers },
    {
      query: pay,
      variables: `{
  "paymentRequest": "",
  "idempotencyKey": "my-first-payment",
  "returnUrl": "${returnUrl}"
}`,
      headers,
    },
    { query: watch, variables: '{\n  "paymentId": ""\n}', headers },
  ];
}

const requestOtp = `# 1. Ask for a code. The SMS arrives
# in the provider sandbox's inbox.
mutation RequestOtp {
  requestOtp(
    input: {
      phoneNumber: "+919876543210"
      purpose: LOGIN
    }
  ) {
    challenge {
      id
      maskedDestination
      expiresAt
      attemptsRemaining
    }
    userErrors { code message field }
  }
}
`;

const logIn = `# 2. Put the code into the variables.
# Copy the accessToken that comes back.
mutation LogIn($destination: String!, $code: String!) {
  loginWithOtp(
    input: { destination: $destination, code: $code }
  ) {
    accessToken
    accessTokenExpiresAt
    refreshToken
    user { id roles }
    userErrors { code message field }
  }
}
`;

const bills = `# 3. Paste the accessToken into the headers.
# Copy the token of a paymentRequest.
query Bills {
  me {
    id
    phoneNumber
    bills(first: 5, filter: { status: DUE }) {
      edges {
        node {
          billNumber
          status
          amountDue { amount currencyCode }
          paymentRequest { token expiresAt }
        }
      }
    }
  }
}
`;

const pay = `# 4. Paste the paymentRequest's token into
# the variables, the accessToken into the headers.
mutation Pay(
  $paymentRequest: String!
  $idempotencyKey: String!
  $returnUrl: URL!
) {
  initiatePayment(
    input: {
      paymentRequest: $paymentRequest
      gateway: RAZORPAY
      idempotencyKey: $idempotencyKey
      returnUrl: $returnUrl
    }
  ) {
    payment { id status checkoutUrl }
    userErrors { code message field }
  }
}
`;

const watch = `# 5. Paste the payment's id and the accessToken,
# run this, then open the checkoutUrl and pay.
subscription Watch($paymentId: ID!) {
  paymentStatusChanged(paymentId: $paymentId) {
    cursor
    status
    settlement
    payment {
      id
      amount { amount }
      payable {
        __typename
        ... on Bill { billNumber status }
      }
    }
  }
}
`;
