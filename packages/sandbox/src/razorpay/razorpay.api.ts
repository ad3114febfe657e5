import formbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { isBasicAuth } from '../basic-auth.ts';
import { addFaultHooks } from '../control/http-faults.ts';
import { acceptEmptyJson } from '../empty-json.ts';
import { registerOrders } from './order.route.ts';
import { registerPayments } from './payment.route.ts';
import { registerQrCodes } from './qr-code.route.ts';
import { RazorpayError, razorpayErrors } from './razorpay.error.ts';
import type { Razorpay } from './razorpay.ts';
import { registerRefunds } from './refund.route.ts';

/** The REST API; register below `/razorpay/v1`. */
export function registerRazorpayApi(app: FastifyInstance, razorpay: Razorpay): void {
  const credentials = { user: razorpay.keyId, password: razorpay.keySecret };
  app.setErrorHandler((error, _request, reply) => {
    const answer = toRazorpayError(error);
    return reply.status(answer.status).send(answer.toBody());
  });
  app.setNotFoundHandler(() => {
    throw razorpayErrors.urlNotFound();
  });
  app.addHook('onRequest', async (request) => {
    if (!isBasicAuth(request.headers.authorization, credentials)) throw razorpayErrors.unauthenticated();
  });
  acceptEmptyJson(app);
  // Its own SDK posts an empty form where a call has no parameters.
  app.register(formbody);
  addFaultHooks(app, razorpay.faults);
  registerOrders(app, razorpay.account);
  registerQrCodes(app, razorpay);
  registerPayments(app, razorpay);
  registerRefunds(app, razorpay);
}

function toRazorpayError(error: unknown): RazorpayError {
  if (error instanceof RazorpayError) return error;
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : 500;
  if (status === 429) return razorpayErrors.tooManyRequests();
  const isClientFault = typeof status === 'number' && status >= 400 && status < 500;
  return isClientFault
    ? razorpayErrors.invalid('The request could not be read.', 'body')
    : razorpayErrors.serverError();
}
