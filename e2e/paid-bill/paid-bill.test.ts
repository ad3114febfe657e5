import { describe, expect, it } from 'vitest';
import { readTexts } from '../../packages/pdf/tests/read-pdf.fixture.ts';
import { Customer, type StatusEvent } from '../support/customer.ts';
import { Person } from '../support/person.ts';
import { Product, type Topology } from '../support/product.ts';
import { hasRedis } from '../support/redis.ts';

const topologies: readonly Topology[] = ['one process', 'six processes'];

describe.each(topologies)('a paid bill, in %s', (topology) => {
  it.skipIf(topology === 'six processes' && !hasRedis())(
    'log in by OTP, see a bill, pay it, watch the status arrive over a socket',
    async () => {
      await using product = await Product.start(topology);
      const customer = new Customer(product);
      await customer.logIn();
      const bill = await customer.findDueBill();

      const { payment, userErrors } = await customer.initiatePayment(
        bill.paymentRequest.token,
        'journey-key-1',
      );
      expect(userErrors).toEqual([]);
      expect(payment).toMatchObject({
        status: 'PENDING',
        checkoutUrl: expect.stringMatching(/^http:\/\/.*\/checkout\/order_\w{14}$/),
      });

      const seen: StatusEvent[] = [];
      for await (const event of customer.watch(payment!.id)) {
        seen.push(event);
        if (seen.length === 1) await customer.payAt(payment!.checkoutUrl!);
        if (event.settlement === 'SETTLED') break;
      }

      const steps = seen.map(({ status, settlement }) => `${status} ${settlement}`);
      expect(steps.at(0)).toBe('PENDING PENDING');
      expect(steps.slice(-2)).toEqual(['CAPTURED PENDING', 'CAPTURED SETTLED']);
      expect(seen.at(-1)?.payment.payable).toEqual({
        __typename: 'Bill',
        billNumber: bill.billNumber,
        status: 'PAID',
      });
      const after = (await customer.listBills()).find(({ id }) => id === bill.id);
      expect(after).toMatchObject({ status: 'PAID', paymentRequest: null });

      const again = await customer.initiatePayment(bill.paymentRequest.token, 'journey-key-2');
      expect(again).toMatchObject({ payment: null, userErrors: [{ code: 'PAYABLE_ALREADY_PAID' }] });

      const resumed = await customer.watchUntilSettled(payment!.id, seen.at(-2)?.cursor);
      expect(resumed.map(({ cursor }) => cursor)).toEqual([seen.at(-1)?.cursor]);

      const mail = await new Person(product).read('asha@example.com');
      expect(mail).toMatch(/^Thank you: we have received ₹\S+ for your bill /);
      expect(mail).toContain(`for your bill ${bill.billNumber}.`);
      const receipt = await fetch(/http\S+\/receipts\/\S+/.exec(mail)?.[0] ?? '');
      expect(receipt.headers.get('content-type')).toBe('application/pdf');
      const texts = await readTexts(Buffer.from(await receipt.arrayBuffer()));
      expect(texts).toContain(`Bill ${bill.billNumber}`);
    },
  );
});
