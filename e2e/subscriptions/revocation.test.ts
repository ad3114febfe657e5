import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Customer } from '../support/customer.ts';
import { Product, type Topology } from '../support/product.ts';
import { hasRedis } from '../support/redis.ts';

const topologies: readonly Topology[] = ['one process', 'six processes'];

/** Opens a socket with a token; answers it once it is acknowledged or closed, and the code it is closed with. */
async function connect(url: string, accessToken: string) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');
  socket.send(
    JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${accessToken}` } }),
  );
  const acknowledged = once(socket, 'message').then(([data]: unknown[]) => JSON.parse(String(data)).type);
  return { closed, first: await Promise.race([acknowledged, closed]) };
}

describe.each(topologies)('a session that ends, in %s', (topology) => {
  it.skipIf(topology === 'six processes' && !hasRedis())(
    'closes its socket, and its access token opens nothing any more, also after a restart',
    async () => {
      await using product = await Product.start(topology);
      const customer = new Customer(product);
      await customer.logIn();
      const socket = await connect(product.url, customer.accessToken);
      expect(socket.first).toBe('connection_ack');

      await customer.get('mutation { logout { userErrors { code } } }');
      expect(await socket.closed).toBe(4403);
      const refused = { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' } }] };
      expect(await customer.ask('{ me { id } }')).toMatchObject(refused);

      await product.stop();
      await product.start();
      expect(await customer.ask('{ me { id } }')).toMatchObject(refused);
      expect((await connect(product.url, customer.accessToken)).first).toBe(4403);
    },
    // Each topology starts twice.
    180_000,
  );
});
