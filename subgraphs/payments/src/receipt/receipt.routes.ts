import { isUuid } from '@suvidha/db';
import { renderPdf } from '@suvidha/pdf';
import type { FastifyPluginAsync } from 'fastify';
import { toReceiptDocument } from './receipt.document.ts';
import type { ReceiptService } from './receipt.service.ts';
import { type ReceiptUrls, receiptPath } from './receipt-url.ts';

interface ReceiptRequest {
  Params: { file: string };
  Querystring: { expires?: string; signature?: string };
}

/** Receipts as PDF, at signed addresses. What is not there and what is not signed give the same answer. */
export function createReceiptRoutes(dependencies: {
  readonly receipts: ReceiptService;
  readonly urls: ReceiptUrls;
  readonly merchantName: string;
}): FastifyPluginAsync {
  const { receipts, urls, merchantName } = dependencies;
  return async (server) => {
    server.get<ReceiptRequest>(`${receiptPath}/:file`, async (request, reply) => {
      const id = request.params.file.replace(/\.pdf$/, '');
      const receipt = isUuid(id) && urls.isValid(id, request.query) ? await receipts.find(id) : null;
      if (!receipt) return reply.code(404).send({ error: { code: 'NOT_FOUND' } });
      const paymentNumber = await receipts.findPaymentNumber(receipt);
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${receipt.number}.pdf"`)
        .header('cache-control', 'private, no-store')
        .header('x-content-type-options', 'nosniff')
        .send(await renderPdf(toReceiptDocument(receipt, { merchantName, paymentNumber })));
    });
  };
}
