import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const assets = {
  '/': { file: './dashboard.html', type: 'text/html; charset=utf-8' },
  '/assets/dashboard.css': { file: './dashboard.css', type: 'text/css; charset=utf-8' },
  '/assets/dashboard.js': { file: './dashboard.js', type: 'text/javascript; charset=utf-8' },
  '/assets/consent.css': { file: '../oauth/consent.css', type: 'text/css; charset=utf-8' },
  '/razorpay/checkout.js': { file: './razorpay-checkout.js', type: 'text/javascript; charset=utf-8' },
  '/assets/checkout.css': { file: './checkout.css', type: 'text/css; charset=utf-8' },
};

/** The sandbox's own page and the files its pages need, read once at start. */
export function registerPages(app: FastifyInstance): void {
  for (const [path, { file, type }] of Object.entries(assets)) {
    const content = readFileSync(new URL(file, import.meta.url), 'utf8');
    app.get(path, async (_request, reply) =>
      reply
        .header('content-security-policy', "default-src 'self'; img-src data:; base-uri 'none'")
        .header('cache-control', 'no-cache')
        .type(type)
        .send(content),
    );
  }
}
