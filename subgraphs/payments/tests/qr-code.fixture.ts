import type { Actor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import type { PaymentRequest } from '@suvidha/payment-request';
import { testIdentity } from '@suvidha/testing';
import {
  type InitiateInput,
  initiate,
  inQuarterOfAnHour,
  newDebt,
  type PaymentsWorld,
  type PaymentView,
  publicUrl,
  type QrCodeView,
  type StartedPayment,
} from './payments.fixture.ts';

export type GatewayName = 'RAZORPAY' | 'PAYTM';

/** A payment whose QR code stands on a kiosk's screen. */
export interface ShownPayment extends PaymentView, Omit<StartedPayment, 'checkoutUrl'> {
  readonly checkoutUrl: null;
  readonly qrCode: QrCodeView;
  /** The vendor's id of the code. */
  readonly codeId: string;
  readonly input: InitiateInput;
}

/** A new debt, and the input that pays it at a kiosk. */
export async function newQrAttempt(
  { signer }: PaymentsWorld,
  gateway: string,
  change: Partial<PaymentRequest> = {},
) {
  const debt = newDebt(change);
  const paymentRequest = await signer.sign(debt.request, inQuarterOfAnHour());
  const input = {
    paymentRequest,
    gateway,
    checkout: 'UPI_QR',
    counterId: 'KIOSK-7',
    idempotencyKey: uuidv7(),
  };
  return { ...debt, input };
}

export async function showQrCode(world: PaymentsWorld, gateway: GatewayName): Promise<ShownPayment> {
  const { actor, request, input } = await newQrAttempt(world, gateway);
  const { payment, userErrors } = await initiate(world, actor, input);
  if (!payment?.qrCode) throw new Error(`not shown: ${JSON.stringify({ payment, userErrors })}`);
  return toShown(payment, { actor, request, input });
}

/** Another attempt to pay the same. */
export async function showAgain(
  world: PaymentsWorld,
  { actor, request, input }: ShownPayment,
): Promise<ShownPayment> {
  const paymentRequest = await world.signer.sign({ ...request, jti: uuidv7() }, inQuarterOfAnHour());
  const again = { ...input, paymentRequest, idempotencyKey: uuidv7() };
  const { payment, userErrors } = await initiate(world, actor, again);
  if (!payment?.qrCode) throw new Error(`not shown: ${JSON.stringify({ payment, userErrors })}`);
  return toShown(payment, { actor, request, input: again });
}

export function toShown(
  payment: PaymentView,
  more: Pick<ShownPayment, 'actor' | 'request' | 'input'>,
): ShownPayment {
  const { qrCode } = payment;
  if (!qrCode) throw new Error('there is no QR code');
  return { ...payment, ...more, qrCode, checkoutUrl: null, codeId: toCodeId(qrCode.imageUrl) };
}

/** Pictures are at Razorpay below `/razorpay/qr/<code>`, and at ours below `/checkout/<code>`. */
export function toCodeId(imageUrl: string): string {
  const ours = imageUrl.startsWith(publicUrl);
  return new URL(imageUrl).pathname.split('/')[ours ? 2 : 3] ?? '';
}

export async function verify({ app }: PaymentsWorld, actor: Actor, paymentId: string): Promise<string> {
  const query = `mutation ($input: VerifyPaymentInput!) {
    verifyPayment(input: $input) { payment { status } userErrors { code } }
  }`;
  const { data, errors } = await app.execute(
    { query, variables: { input: { paymentId } } },
    testIdentity(actor),
  );
  if (errors) throw new AggregateError(errors, JSON.stringify(errors));
  const answer = data?.verifyPayment as { payment: { status: string } };
  return answer.payment.status;
}
