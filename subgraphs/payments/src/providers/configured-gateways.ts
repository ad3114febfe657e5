import { checkoutPath, toCallbackPath } from '../checkout/checkout.paths.ts';
import type { PaymentsConfig } from '../config.ts';
import type { VendorTransportOptions } from './http/vendor.transport.ts';
import type { PaymentGatewayPort } from './payment-gateway.ts';
import { createPaytmGateway } from './paytm/paytm.gateway.ts';
import { createRazorpayGateway } from './razorpay/razorpay.gateway.ts';

/** The vendors that the configuration has credentials for: Razorpay always, Paytm when its merchant is set. */
export function createConfiguredGateways(
  { razorpay, paytm, checkout, services }: PaymentsConfig,
  transport: VendorTransportOptions = {},
): readonly PaymentGatewayPort[] {
  const publicUrl = (checkout.publicUrl ?? services.payments).replace(/\/$/, '');
  const shared = {
    ...transport,
    checkoutUrl: `${publicUrl}${checkoutPath}`,
    merchantName: checkout.merchantName,
  };
  const gateways = [createRazorpayGateway({ ...shared, ...razorpay })];
  const [merchantKey, ...olderKeys] = paytm.merchantKeys;
  if (!paytm.mid || !merchantKey) return gateways;
  const { mid } = paytm;
  const callbackUrl = `${publicUrl}${toCallbackPath('PAYTM')}`;
  const merchantKeys = [merchantKey, ...olderKeys] as const;
  return [...gateways, createPaytmGateway({ ...shared, ...paytm, mid, merchantKeys, callbackUrl })];
}
