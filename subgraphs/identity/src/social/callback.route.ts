import type { FastifyPluginAsync, FastifyReply } from 'fastify';
import { z } from 'zod';
import { SocialProvider } from '../generated/prisma/enums.ts';
import type { PendingLogins } from './pending-logins.ts';
import { toCallbackPath } from './social-login.rules.ts';

const text = z.string().min(1).max(8192).optional();

/** What providers send back. Descope says `err` where the others say `error`. */
const returned = z.object({
  state: z.string().min(1).max(512),
  code: text,
  error: text,
  err: text,
  iss: text,
  user: text,
});

/**
 * Where providers send people back to, each to its own address: from here they go on to the client app that began, which
 * completes the login. Nothing is used up and nobody is logged in here, so it does not matter who opens it.
 */
export function createSocialCallbacks(pending: PendingLogins): FastifyPluginAsync {
  return async (server) => {
    server.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 32_768 },
      async (_request: unknown, body: string) => Object.fromEntries(new URLSearchParams(body)),
    );
    for (const provider of Object.values(SocialProvider)) {
      const path = toCallbackPath(provider);
      server.get(path, (request, reply) => relay(pending, provider, { fields: request.query, reply }));
      // Apple posts a form from its own page.
      server.post(path, (request, reply) => relay(pending, provider, { fields: request.body, reply }));
    }
  };
}

async function relay(
  pending: PendingLogins,
  provider: SocialProvider,
  { fields, reply }: { fields: unknown; reply: FastifyReply },
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  const parsed = returned.safeParse(fields);
  const login = parsed.success ? await pending.find(provider, parsed.data.state) : null;
  if (!parsed.success || !login) return sendOver(reply);
  const { state, code, error, err, iss, user } = parsed.data;
  const url = new URL(login.redirectUri);
  for (const [name, value] of Object.entries({ state, code, error: error ?? err, iss, user }))
    if (value !== undefined) url.searchParams.set(name, value);
  // By GET, whatever the provider used: a posted form stops here.
  return reply.redirect(url.href, 303);
}

function sendOver(reply: FastifyReply): FastifyReply {
  return reply
    .status(400)
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
    .type('text/html; charset=utf-8')
    .send(overPage);
}

const overPage = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>This login is over</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 28rem; margin: 20vh auto 0; padding: 0 1.5rem }
    h1 { font-size: 1.4rem }
  </style>
</head>
<body>
  <h1>This login is over</h1>
  <p>It was completed, took too long, or was not begun here. Go back to the app and start again.</p>
</body>
</html>
`;
