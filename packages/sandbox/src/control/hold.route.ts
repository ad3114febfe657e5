import type { FastifyInstance } from 'fastify';
import { parseControl, pointBody, waitQuery } from './control.schema.ts';
import type { Holds } from './holds.ts';

type Params = { Params: { point: string } };

/**
 * Stops requests at a point and lets them go: `POST /hold`, `GET /hold`, `GET /hold/:point/wait`,
 * `DELETE /hold/:point`, `DELETE /hold`.
 */
export function registerHolds(app: FastifyInstance, holds: Holds): void {
  app.get('/hold', async () => holds.state());

  app.post('/hold', async (request) => {
    const { point } = parseControl(pointBody, request.body);
    holds.hold(point);
    return { point, held: holds.heldAt(point) };
  });

  app.get<Params>('/hold/:point/wait', async (request, reply) => {
    const { point } = parseControl(pointBody, request.params);
    const { timeoutMs } = parseControl(waitQuery, request.query);
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return { point, held: await holds.waitUntilHeld(point, { timeoutMs, signal: gone.signal }) };
  });

  app.delete<Params>('/hold/:point', async (request) => {
    const { point } = parseControl(pointBody, request.params);
    const released = holds.heldAt(point);
    holds.release(point);
    return { point, released };
  });

  app.delete('/hold', async (_request, reply) => {
    holds.releaseAll();
    return reply.status(204).send();
  });
}
