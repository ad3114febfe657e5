import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';

const text = z.string().max(8192).optional();
const returned = z.object({ state: text, code: text, error: text, iss: text, user: text });

/**
 * Stands for a client app in the demo: shows what came back with a person, ready for completeSocialLogin in the
 * explorer.
 */
export const demoReturnPage: FastifyPluginAsync = async (server) => {
  server.get('/social/return', async (request, reply) => {
    const { iss, ...fields } = returned.catch({}).parse(request.query);
    const input = { ...fields, ...(iss && { issuer: iss }) };
    return reply
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .type('text/html; charset=utf-8')
      .send(render(JSON.stringify({ input }, null, 2)));
  });
};

function render(variables: string): string {
  const escaped = variables.replace(/[&<>]/g, (character) => entities[character] ?? '');
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Back from the provider</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 12vh auto 0; padding: 0 1.5rem }
    h1 { font-size: 1.5rem; margin: 0 0 0.5rem }
    pre { padding: 1rem; border: 1px solid #8885; border-radius: 10px; white-space: pre-wrap; overflow-wrap: anywhere }
  </style>
</head>
<body>
  <h1>Back from the provider</h1>
  <p>A client app would complete the login now. In the explorer, give these variables to
    <code>completeSocialLogin(input: $input)</code>. They serve once, for ten minutes.</p>
  <pre>${escaped}</pre>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
