import { describe, expect, it, vi } from 'vitest';
import { Customer } from '../support/customer.ts';
import { type Json, Person } from '../support/person.ts';
import { Product, type Topology } from '../support/product.ts';
import { hasRedis } from '../support/redis.ts';

const topologies: readonly Topology[] = ['one process', 'six processes'];
const asha = { id: '019a0000-0000-7000-8000-000000000001', phoneNumber: '+919876543210' };

async function waitForArchive(person: Person): Promise<Json> {
  return vi.waitFor(
    async () => {
      const { data } = await person.ask('{ myDataExports { id url } }');
      const [{ url }] = data.myDataExports;
      if (!url) throw new Error('the archive is not complete');
      return (await fetch(url)).json();
    },
    { timeout: 30_000, interval: 100 },
  );
}

describe.each(topologies)('a person who leaves, in %s', (topology) => {
  it.skipIf(topology === 'six processes' && !hasRedis())(
    'takes a copy from all subgraphs along, and what must be kept names them no more',
    async () => {
      await using product = await Product.start(topology);
      const person = new Person(product);
      await person.enter('loginWithOtp', await person.receiveOtp(asha.phoneNumber));
      const customer = new Customer(product, person.accessToken);
      const bill = await customer.findDueBill();
      const { payment } = await customer.initiatePayment(bill.paymentRequest.token, 'leaving-1');
      await customer.payAt(payment!.checkoutUrl!);
      await customer.watchUntilSettled(payment!.id);

      await person.do('exportMyData', {});
      const archive = await waitForArchive(person);
      expect(archive).toMatchObject({
        userId: asha.id,
        identity: { profile: { username: 'asha', phoneNumber: asha.phoneNumber } },
        kyc: { verifications: [{ userId: asha.id }] },
        billing: { connections: expect.any(Array), bills: expect.any(Array) },
        commerce: { cart: { userId: asha.id } },
        payments: { payments: [{ id: payment!.id, payer: `user:${asha.id}` }] },
      });
      expect(archive.billing.bills.map(({ id }: Json) => id)).toContain(bill.id);

      await person.do('deleteMyAccount', { isFinal: true });
      const staff = new Person(product);
      await staff.enter('loginWithOtp', await staff.receiveOtp('+919876543212'));
      const query = `query ($id: ID!, $payment: ID!) { user(id: $id) { id }
        payment(id: $payment) { id status payable { ... on Bill { id status } } } }`;
      const gone = await vi.waitFor(
        async () => {
          const { data } = await staff.ask(query, { id: asha.id, payment: payment!.id });
          expect(data.user).toBeNull();
          return data;
        },
        { timeout: 30_000, interval: 100 },
      );
      expect(gone.payment).toMatchObject({ status: 'CAPTURED', payable: { id: bill.id, status: 'PAID' } });
      const audit = await staff.ask(
        'query ($id: ID!) { auditLog(filter: { subjectId: $id }, first: 1) { edges { node { action } } } }',
        { id: asha.id },
      );
      expect(audit.data.auditLog.edges).toEqual([{ node: { action: 'ACCOUNT_LEFT' } }]);
      const back = new Person(product);
      const login = await back.receiveOtp(asha.phoneNumber, { purpose: 'REGISTRATION' });
      const { user } = await back.enter('registerWithOtp', login);
      expect(user.id).not.toBe(asha.id);
      const { data } = await back.ask(
        '{ me { bills(first: 5) { edges { node { id } } } cart { id } kyc { id } } }',
      );
      expect(data.me).toEqual({ bills: { edges: [] }, cart: null, kyc: null });
    },
    // Six processes take a while to start, twice that on a busy machine.
    180_000,
  );
});
