import type { GatewayHealth, GatewayTerms } from '../providers/payment-gateway.ts';

export interface Rankable {
  readonly terms: GatewayTerms;
  health(): GatewayHealth;
  estimateFeeMinor(amountMinor: number): number;
}

const illness: Readonly<Record<GatewayHealth, number>> = { CLOSED: 0, HALF_OPEN: 1, OPEN: 2 };

/** Those that take the currency: the healthy before the ill, then the cheaper before the dearer. */
export function rankGateways<Gateway extends Rankable>(
  gateways: readonly Gateway[],
  { amountMinor, currency }: { readonly amountMinor: number; readonly currency: string },
): readonly Gateway[] {
  return gateways
    .filter(({ terms }) => terms.currencies.includes(currency))
    .toSorted(
      (a, b) =>
        illness[a.health()] - illness[b.health()] ||
        a.estimateFeeMinor(amountMinor) - b.estimateFeeMinor(amountMinor),
    );
}
