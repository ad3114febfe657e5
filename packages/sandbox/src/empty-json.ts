import type { FastifyInstance } from 'fastify';

/**
 * Takes an empty body for `{}` in this scope: a call without parameters often comes with a JSON header and no body.
 * A body that is not JSON is refused with 400, in the shape of the scope's error handler.
 */
export function acceptEmptyJson(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, body: string) => {
      try {
        return body === '' ? {} : (JSON.parse(body) as unknown);
      } catch (cause) {
        throw Object.assign(new Error('not JSON', { cause }), { statusCode: 400 });
      }
    },
  );
}
