import type { Html } from '@suvidha/html';
import type { FastifyReply } from 'fastify';

/** Nothing but our own style, the one script named here, and forms that lead back to the merchant. */
export function sendCheckoutPage(
  reply: FastifyReply,
  status: number,
  page: Html,
  nonce?: string,
): FastifyReply {
  const script = nonce === undefined ? "'none'" : `'nonce-${nonce}'`;
  return reply
    .status(status)
    .header(
      'content-security-policy',
      `default-src 'none'; style-src 'self'; img-src data:; script-src ${script}; form-action 'self' http: https:; base-uri 'none'`,
    )
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.text);
}
