import { refundTransitions } from '../refund/refund-status.rules.ts';
import { paymentTransitions, type StatusTransitions } from './payment-status.rules.ts';

/** The page `docs/payment-states.md`: both transition tables as Mermaid state diagrams. */
export function paymentStatesPage(): string {
  return `# The states of payments and refunds

Drawn by \`npm run payment-states\` from the tables that decide
([payments](../subgraphs/payments/src/payment/payment-status.rules.ts),
[refunds](../subgraphs/payments/src/refund/refund-status.rules.ts)). What is not here does not happen, whatever a gateway
says and when: state follows rank, not arrival.

## Payments

${draw(paymentTransitions, 'CREATED')}

\`UNKNOWN\` ranks with \`PENDING\`: a call whose outcome nobody knows yet is never a failure. \`FAILED\`, \`EXPIRED\` and
\`CANCELLED\` are not the end, because banks answer late. \`QUARANTINED\` is money in another amount or currency, or for
another order, than was asked for: it is never counted as paid, and staff are alerted.

## Refunds

${draw(refundTransitions, 'CREATED')}

A refund is written before the gateway is asked, and its id is the gateway's idempotency key. One that failed after all
is replaced by another where we owe the money; where staff asked for it they decide anew.
`;
}

function draw(table: StatusTransitions<string>, first: string): string {
  const lines = Object.entries(table).flatMap(([from, next]) =>
    Object.entries(next).map(([to, why]) => `  ${from} --> ${to}: ${why}`),
  );
  return ['```mermaid', 'stateDiagram-v2', `  [*] --> ${first}`, ...lines, '```'].join('\n');
}
