import type { FastifyInstance } from 'fastify';
import { renderSVG } from 'uqr';
import { originOf } from '../oauth/origin.ts';
import type { Account } from './account.ts';
import { toCollection, toPaymentEntity } from './entity.ts';
import { getById, toPage } from './lookup.ts';
import { toUpiUri } from './qr-code.ts';
import { type QrCodes, toImagePath } from './qr-codes.ts';
import { razorpayErrors } from './razorpay.error.ts';
import type { Razorpay } from './razorpay.ts';
import { createQrCodeBody, listQrCodesQuery, listQuery, parseRequest } from './request.schema.ts';

type Params = { Params: { id: string } };

/** Razorpay's QR codes API (https://razorpay.com/docs/api/qr-codes). */
export function registerQrCodes(
  app: FastifyInstance,
  parts: { account: Account; qrCodes: QrCodes; publicUrl: string | null },
): void {
  const { account, qrCodes, publicUrl } = parts;
  const base = '/payments/qr_codes';
  const getCode = (params: { id: string }) => qrCodes.refresh(getById(account.qrCodes, params.id, 'qr'));

  app.post(base, { config: { call: 'razorpay.create-qr-code' } }, async (request) => {
    const body = parseRequest(createQrCodeBody, request.body);
    if (body.fixed_amount && body.payment_amount === undefined)
      throw razorpayErrors.invalid('The payment amount field is required.', 'payment_amount');
    if (body.usage === 'single_use' && !body.fixed_amount)
      throw razorpayErrors.invalid('The fixed amount must be true for single use.', 'fixed_amount');
    const code = qrCodes.create({
      name: body.name ?? null,
      usage: body.usage,
      paymentAmount: body.payment_amount ?? null,
      description: body.description ?? null,
      customerId: body.customer_id ?? null,
      notes: body.notes,
      closeBy: body.close_by,
      origin: publicUrl ?? originOf(request),
    });
    return qrCodes.toEntity(code);
  });

  app.get(base, { config: { call: 'razorpay.list-qr-codes' } }, async (request) => {
    const {
      payment_id: paymentId,
      customer_id: customerId,
      ...window
    } = parseRequest(listQrCodesQuery, request.query);
    const paid = paymentId === undefined ? undefined : account.payments.get(paymentId)?.qrCodeId;
    const codes = account.qrCodes
      .values()
      .filter((code) => paymentId === undefined || code.id === paid)
      .filter((code) => customerId === undefined || code.customerId === customerId);
    return toCollection(toPage(codes, window).map((code) => qrCodes.toEntity(qrCodes.refresh(code))));
  });

  app.get<Params>(`${base}/:id`, { config: { call: 'razorpay.fetch-qr-code' } }, async (request) =>
    qrCodes.toEntity(getCode(request.params)),
  );

  app.post<Params>(`${base}/:id/close`, { config: { call: 'razorpay.close-qr-code' } }, async (request) => {
    const code = getCode(request.params);
    if (code.status === 'closed') throw razorpayErrors.qrCodeClosed();
    qrCodes.close(code, 'on_demand');
    return qrCodes.toEntity(code);
  });

  app.get<Params>(
    `${base}/:id/payments`,
    { config: { call: 'razorpay.list-qr-code-payments' } },
    async (request) => {
      const { id } = getCode(request.params);
      const payments = account.payments.values().filter(({ qrCodeId }) => qrCodeId === id);
      const window = parseRequest(listQuery, request.query);
      return toCollection(toPage(payments, window).map(toPaymentEntity));
    },
  );
}

/** The pictures that codes' `image_url` leads to. */
export function registerQrCodeImages(app: FastifyInstance, { account, merchantName }: Razorpay): void {
  app.get<Params>(toImagePath(':id'), async (request, reply) => {
    const code = account.qrCodes.get(request.params.id);
    if (code === undefined) return reply.status(404).send();
    return reply.type('image/svg+xml').send(renderSVG(toUpiUri(code, merchantName), { border: 4 }));
  });
}
