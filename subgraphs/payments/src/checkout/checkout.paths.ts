import type { GatewayName } from '../providers/payment-gateway.ts';

/** Where our checkout pages live, below the address at which browsers reach this subgraph. */
export const checkoutPath = '/checkout';

/** Where a vendor's page sends the payer's browser with the signed result. */
export function toCallbackPath(name: GatewayName): string {
  return `${checkoutPath}/callback/${name.toLowerCase()}`;
}
