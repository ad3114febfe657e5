import { describe, expect, it } from 'vitest';
import { Customer, type Payment } from '../support/customer.ts';
import { Product } from '../support/product.ts';
import { startSandbox, type TestSandbox } from '../support/sandbox.ts';
import { startWebhookTap } from '../support/webhook-tap.ts';

/** One run up to the crash: a customer with a bill, in front of a product whose vendor outlives it. */
interface Scene {
  readonly product: Product;
  readonly sandbox: TestSandbox;
  readonly customer: Customer;
  readonly bill: Awaited<ReturnType<Customer['findDueBill']>>;
}

const key = 'one-key-for-one-payment';

async function withScene(play: (scene: Scene) => Promise<void>): Promise<void> {
  await using sandbox = await startSandbox();
  await using product = await Product.start('one process', { SANDBOX_URL: sandbox.url });
  const customer = new Customer(product);
  await customer.logIn();
  await play({ product, sandbox, customer, bill: await customer.findDueBill() });
}

async function initiate({ customer, bill }: Scene): Promise<Payment & { checkoutUrl: string }> {
  const { payment, userErrors } = await customer.initiatePayment(bill.paymentRequest.token, key);
  expect(userErrors).toEqual([]);
  expect(payment?.checkoutUrl).toBeTruthy();
  return payment as Payment & { checkoutUrl: string };
}

/** The bill is paid once, with money that was taken once, for one order; and the client has seen it happen. */
async function expectSettledOnce(scene: Scene, paymentId: string, after?: string): Promise<void> {
  const seen = await scene.customer.watchUntilSettled(paymentId, after);
  expect(seen.at(-1)).toMatchObject({
    status: 'CAPTURED',
    settlement: 'SETTLED',
    payment: { id: paymentId, payable: { billNumber: scene.bill.billNumber, status: 'PAID' } },
  });
  const { orders, payments, refunds } = await scene.sandbox.state();
  expect(orders.filter(({ receipt }) => receipt === paymentId)).toHaveLength(1);
  expect(payments.filter(({ status }) => status === 'captured')).toHaveLength(1);
  expect(refunds).toEqual([]);
  const bills = await scene.customer.listBills();
  expect(bills.find(({ id }) => id === scene.bill.id)).toMatchObject({ status: 'PAID' });
}

describe('killed with SIGKILL and started again', () => {
  it('while the vendor holds an unanswered create-order call', () =>
    withScene(async (scene) => {
      const { product, sandbox, customer, bill } = scene;
      await sandbox.hold('razorpay.create-order.before');
      const unanswered = customer.initiatePayment(bill.paymentRequest.token, key).catch(() => 'lost');
      await sandbox.untilHeld('razorpay.create-order.before');
      await product.kill();
      expect(await unanswered).toBe('lost');
      await sandbox.release('razorpay.create-order.before');

      await product.start();
      const payment = await initiate(scene);
      await customer.payAt(payment.checkoutUrl);
      await expectSettledOnce(scene, payment.id);
    }));

  it('while the vendor has made the order and its answer is on the way', () =>
    withScene(async (scene) => {
      const { product, sandbox, customer, bill } = scene;
      await sandbox.hold('razorpay.create-order.after');
      const unanswered = customer.initiatePayment(bill.paymentRequest.token, key).catch(() => 'lost');
      await sandbox.untilHeld('razorpay.create-order.after');
      await product.kill();
      expect(await unanswered).toBe('lost');
      await sandbox.release('razorpay.create-order.after');

      await product.start();
      const payment = await initiate(scene);
      await customer.payAt(payment.checkoutUrl);
      await expectSettledOnce(scene, payment.id);
    }));

  it('while the webhook is on the way and not yet stored', () =>
    withScene(async (scene) => {
      const { product, sandbox, customer } = scene;
      const payment = await initiate(scene);
      await using tap = await startWebhookTap();
      await sandbox.sendWebhooksTo(tap.url);
      await customer.payAt(payment.checkoutUrl);
      await tap.untilLost();
      await product.kill();

      await product.start();
      await expectSettledOnce(scene, payment.id);
    }));

  it('while the webhook is stored and its acknowledgement is on the way', () =>
    withScene(async (scene) => {
      const { product, sandbox, customer } = scene;
      const payment = await initiate(scene);
      await sandbox.hold('razorpay.fetch-payment.before');
      await using tap = await startWebhookTap(`${product.url}/payments/webhooks/razorpay`);
      await sandbox.sendWebhooksTo(tap.url);
      await customer.payAt(payment.checkoutUrl);
      await tap.untilLost();
      await product.kill();
      await sandbox.release('razorpay.fetch-payment.before');

      await product.start();
      await expectSettledOnce(scene, payment.id);
    }));

  it('while the webhook is acknowledged and the bill is not yet paid', () =>
    withScene(async (scene) => {
      const { product, sandbox, customer } = scene;
      const payment = await initiate(scene);
      const watching = customer.watch(payment.id);
      const current = await watching.next();
      await watching.return(undefined);
      await sandbox.hold('razorpay.fetch-payment.before');
      await customer.payAt(payment.checkoutUrl);
      await sandbox.untilHeld('razorpay.fetch-payment.before');
      await product.kill();
      await sandbox.release('razorpay.fetch-payment.before');

      await product.start();
      await expectSettledOnce(scene, payment.id, current.value?.cursor);
    }));
});
