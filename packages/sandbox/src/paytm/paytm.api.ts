import type { FastifyInstance } from 'fastify';
import { addFaultHooks } from '../control/http-faults.ts';
import { setEnvelopeErrors } from './envelope.ts';
import { registerListings } from './listing.route.ts';
import { registerOrders } from './order.route.ts';
import type { Paytm } from './paytm.ts';
import { registerQrCodes } from './qr-code.route.ts';
import { registerRefunds } from './refund.route.ts';

/** The server APIs; register below `/paytm`. */
export function registerPaytmApi(app: FastifyInstance, paytm: Paytm): void {
  setEnvelopeErrors(app, paytm.merchantKey);
  addFaultHooks(app, paytm.faults);
  registerOrders(app, paytm);
  registerRefunds(app, paytm);
  registerQrCodes(app, paytm);
  registerListings(app, paytm);
}
