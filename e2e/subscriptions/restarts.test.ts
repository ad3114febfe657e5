import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Customer } from '../support/customer.ts';
import { crash } from '../support/parts.ts';
import { Product } from '../support/product.ts';
import { hasRedis, TestRedis } from '../support/redis.ts';
import { Watchers } from './watchers.ts';

const subscribers = 1_000;
const waiting = { timeout: 60_000, interval: 200 };

vi.setConfig({ testTimeout: 90_000 });

describe.skipIf(!hasRedis())(
  `${subscribers} subscribers of changing payments, each on a socket of its own`,
  () => {
    let redis: TestRedis;
    let product: Product;
    let customer: Customer;

    beforeAll(async () => {
      redis = await TestRedis.start();
      product = await Product.start('six processes', { REDIS_URL: redis.url });
      customer = new Customer(product);
      await customer.logIn();
    });

    afterAll(async () => {
      await product[Symbol.asyncDispose]();
      await redis[Symbol.asyncDispose]();
    });

    /** Two payments of one bill: one that was declined, and one that is about to be made. */
    async function startPayments(name: string) {
      const { paymentRequest } = await customer.findDueBill();
      const start = async (key: string) => {
        const { payment } = await customer.initiatePayment(paymentRequest.token, `${name}-${key}`);
        if (!payment?.checkoutUrl) throw new Error('the payment has no page to pay on');
        return { id: payment.id, checkoutUrl: payment.checkoutUrl };
      };
      const declined = await start('declined');
      await customer.payAt(declined.checkoutUrl, 'decline');
      return { declined, paid: await start('paid') };
    }

    /** What the database says, in the words of the watchers. */
    async function readStates(...paymentIds: readonly string[]): Promise<string[]> {
      const read = async (id: string) => {
        const { payment } = await customer.get<{ payment: { status: string; settlement: string } }>(
          'query ($id: ID!) { payment(id: $id) { status settlement } }',
          { id },
        );
        return `${payment.status} ${payment.settlement}`;
      };
      return Promise.all(paymentIds.map(read));
    }

    /** All watch, something is taken away while money moves, and in the end all know what the database knows. */
    async function expectFinalStates(name: string, disturb: (pay: () => Promise<void>) => Promise<void>) {
      const { declined, paid } = await startPayments(name);
      const ids = [declined.id, paid.id];
      await using watchers = new Watchers(product.url, customer.accessToken, ids, subscribers);
      await vi.waitUntil(() => !watchers.states.nothing, waiting);
      await disturb(() => customer.payAt(paid.checkoutUrl));
      await vi.waitUntil(async () => {
        const [first, second] = await readStates(...ids).catch(() => ['not known']);
        const half = subscribers / 2;
        return (
          second === 'CAPTURED SETTLED' &&
          isDeepStrictEqual(watchers.states, { [String(first)]: half, [second]: half })
        );
      }, waiting);
      expect(watchers.disorder).toEqual([]);
    }

    it('end with what the database holds when Redis is restarted', () =>
      expectFinalStates('redis', async (pay) => {
        await redis.kill();
        await pay();
        await redis.start();
      }));

    it('end with what the database holds when the subgraph is killed', () =>
      expectFinalStates('subgraph', async (pay) => {
        await pay();
        crash(product, 'payments');
      }));

    it('end with what the database holds when the gateway is killed', () =>
      expectFinalStates('gateway', async (pay) => {
        crash(product, 'gateway');
        await pay();
      }));
  },
);
