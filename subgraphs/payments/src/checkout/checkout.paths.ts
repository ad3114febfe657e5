import type { GatewayName } from '../providers/payment-gateway.ts';

/** Where our checkout pages live, below the address at which browsers reach this subgraph. */
export const checkoutPath = '/checkout';

/** The picture of a QR code, below the path of its order. */
export const qrCodeImage = 'qr-code.svg';

/**
 * The page of an order at a vendor.
 * @param base address of our checkout pages
 */
export function toCheckoutUrl(base: string, orderId: string): string {
  return `${base.replace(/\/$/, '')}/${encodeURIComponent(orderId)}`;
}

/** The picture that we draw of a vendor's UPI QR code. */
export function toQrCodeImageUrl(base: string, codeId: string): string {
  return `${toCheckoutUrl(base, codeId)}/${qrCodeImage}`;
}

/** Where a vendor's page sends the payer's browser with the signed result. */
export function toCallbackPath(name: GatewayName): string {
  return `${checkoutPath}/callback/${name.toLowerCase()}`;
}
