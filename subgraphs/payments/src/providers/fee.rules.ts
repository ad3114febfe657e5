/** Goods and services tax on what gateways charge in India, in hundredths of a percent. */
const taxBasisPoints = 1_800;

/** What a gateway keeps of a payment at its rate (hundredths of a percent), tax included, in minor units. */
export function estimateFeeMinor(amountMinor: number, feeBasisPoints: number): number {
  const fee = Math.round((amountMinor * feeBasisPoints) / 10_000);
  return fee + Math.round((fee * taxBasisPoints) / 10_000);
}
