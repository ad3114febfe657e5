import {
  createConnectionType,
  DateTime,
  MoneyType,
  RowAccess,
  URLScalar,
  UserErrorType,
} from '@suvidha/subgraph';
import { Directive, Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import {
  CheckoutMethod,
  PaymentGateway,
  PaymentStatus,
  SettlementStatus,
} from '../generated/prisma/enums.ts';
import { Payable, type PayableStub } from '../payable/payable.stubs.ts';

const gateways = {
  RAZORPAY: { description: 'Razorpay: cards, UPI, net banking, wallets.' },
  PAYTM: { description: 'Paytm: UPI, wallet, cards, net banking.' },
};

/** What a payer may choose. */
export const GatewayChoice = { AUTO: 'AUTO', ...PaymentGateway } as const;

registerEnumType(PaymentGateway, {
  name: 'PaymentGateway',
  description: 'Who takes the money.',
  valuesConfig: gateways,
});

registerEnumType(GatewayChoice, {
  name: 'GatewayChoice',
  description: 'Who shall take the money.',
  valuesConfig: {
    AUTO: { description: 'Whoever is well, takes the currency and costs least; if one fails, the next.' },
    ...gateways,
  },
});

registerEnumType(CheckoutMethod, {
  name: 'CheckoutMethod',
  description: 'How the payer pays.',
  valuesConfig: {
    HOSTED_PAGE: { description: 'On a page in a browser or app, with whatever the gateway offers.' },
    UPI_QR: { description: 'By scanning a QR code at a counter or kiosk with any UPI app.' },
  },
});

registerEnumType(PaymentStatus, {
  name: 'PaymentStatus',
  description: 'Where the money is.',
  valuesConfig: {
    CREATED: { description: 'Recorded; the gateway has not been asked yet.' },
    PENDING: { description: 'The gateway waits for the payer.' },
    UNKNOWN: { description: 'The gateway was asked and its answer was lost; it is being asked again.' },
    AUTHORIZED: { description: 'The bank has set the money aside.' },
    CAPTURED: { description: 'The money was taken. It is put to what it pays for next: see settlement.' },
    PARTIALLY_REFUNDED: { description: 'Part of the money was given back.' },
    REFUNDED: { description: 'All of the money was given back.' },
    FAILED: { description: 'The payer or the bank declined. A late success is still possible.' },
    EXPIRED: { description: 'Nobody paid in time. A late success is still possible.' },
    CANCELLED: { description: 'A newer attempt took its place. A late success is still possible.' },
    QUARANTINED: { description: 'What came in is not what was asked for; staff look into it.' },
  },
});

registerEnumType(SettlementStatus, {
  name: 'SettlementStatus',
  description: 'Whether captured money was put to what it pays for.',
  valuesConfig: {
    PENDING: { description: 'Not yet.' },
    SETTLED: { description: 'Yes: the payment is complete.' },
    REJECTED: { description: 'It could not be used, and is given back.' },
  },
});

@ObjectType({ description: 'A QR code that a UPI app pays once.' })
export class UpiQrCode {
  @Field(() => String, {
    nullable: true,
    description:
      'What the code holds: a `upi://pay` address, for a client that draws it by itself. ' +
      'Null: the gateway gives only the picture.',
  })
  upiUri!: string | null;

  @Field(() => URLScalar, { description: 'The picture of the code.' })
  imageUrl!: string;

  @Field(() => DateTime, { description: 'Nobody can pay it afterwards: start another payment.' })
  expiresAt!: Date;
}

@ObjectType('Payment', { description: 'One attempt to pay for something.' })
@Directive('@key(fields: "id")')
@RowAccess()
export class PaymentType {
  @Field(() => ID, { description: 'Identifies the payment.' })
  id!: string;

  @Field(() => MoneyType, { description: 'What is charged.' })
  amount!: MoneyType;

  @Field(() => PaymentStatus, { description: 'Where the money is.' })
  status!: PaymentStatus;

  @Field(() => SettlementStatus, { description: 'Whether the money was put to what it pays for.' })
  settlement!: SettlementStatus;

  @Field(() => PaymentGateway, { description: 'Who takes the money.' })
  gateway!: PaymentGateway;

  @Field(() => CheckoutMethod, { description: 'How the payer pays.' })
  checkout!: CheckoutMethod;

  @Field(() => URLScalar, {
    nullable: true,
    description: 'Where to pay. Null: by QR code, or the gateway has not answered yet.',
  })
  checkoutUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The counter or kiosk that shows the QR code. Null: there is none.',
  })
  counterId!: string | null;

  @Field(() => UpiQrCode, {
    nullable: true,
    description: 'What to scan while the payment is PENDING. Null: on a page, or nobody shall scan it now.',
  })
  qrCode!: UpiQrCode | null;

  @Field(() => DateTime, { description: 'When the payment was started.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the money was taken. Null: it was not.' })
  capturedAt!: Date | null;

  @Field(() => MoneyType, { description: 'What was given back.' })
  amountRefunded!: MoneyType;

  @Field(() => String, {
    nullable: true,
    description: "The gateway's word for the last failure. Null: there was none.",
  })
  failureCode!: string | null;

  @Field(() => Payable, { nullable: true, description: 'What is paid for.' })
  payable!: PayableStub;
}

@ObjectType({ description: 'A change in the state of a payment.' })
export class PaymentStatusEvent {
  @Field(() => String, { description: 'Give it to `after` to resume behind this event.' })
  cursor!: string;

  @Field(() => PaymentStatus, { description: 'The status after the change.' })
  status!: PaymentStatus;

  @Field(() => PaymentStatus, { nullable: true, description: 'The status before. Null: it is the first.' })
  previousStatus!: PaymentStatus | null;

  @Field(() => SettlementStatus, { description: 'The settlement after the change.' })
  settlement!: SettlementStatus;

  @Field(() => DateTime, { description: 'When it changed.' })
  occurredAt!: Date;

  @Field(() => PaymentType, { nullable: true, description: 'The payment as it was after the change.' })
  payment!: PaymentType;
}

@InputType({ description: 'Starts a payment.' })
export class InitiatePaymentInput {
  @Field(() => String, { description: 'The token of a payment request, such as `Bill.paymentRequest`.' })
  paymentRequest!: string;

  @Field(() => GatewayChoice, { defaultValue: 'AUTO', description: 'Who shall take the money.' })
  gateway!: keyof typeof GatewayChoice;

  @Field(() => String, {
    description:
      'Made and kept by the client, 8 to 128 characters: the same key gives the same payment, never two.',
  })
  idempotencyKey!: string;

  @Field(() => CheckoutMethod, { defaultValue: 'HOSTED_PAGE', description: 'How the payer pays.' })
  checkout!: CheckoutMethod;

  @Field(() => URLScalar, {
    nullable: true,
    description:
      'Where the payer returns to from the page. Its origin must be one of the client app. Needed with HOSTED_PAGE only.',
  })
  returnUrl?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The counter or kiosk that shows the code, 1 to 32 letters, digits, hyphens and underscores. Needed with UPI_QR only.',
  })
  counterId?: string | null;
}

@ObjectType({ description: 'The outcome of starting a payment.' })
export class InitiatePaymentPayload {
  @Field(() => PaymentType, { nullable: true, description: 'The payment. Null: see userErrors.' })
  payment!: PaymentType | null;

  @Field(() => String, {
    nullable: true,
    description:
      'For a guest: opens this payment and its subscription, nothing else. Null: the payer has an account.',
  })
  accessToken!: string | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be started. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: "One parameter of the gateway's own checkout." })
export class CheckoutParameter {
  @Field(() => String, { description: "Its name, in the gateway's words, such as `order_id`." })
  name!: string;

  @Field(() => String, { description: 'Its value.' })
  value!: string;
}

@InputType({ description: "One field that the gateway's checkout handed to the client." })
export class CheckoutFieldInput {
  @Field(() => String, { description: 'Its name, such as `razorpay_signature`.' })
  name!: string;

  @Field(() => String, { description: 'Its value, as it came.' })
  value!: string;
}

@InputType({ description: "Brings the gateway's word that a payment is done." })
export class ConfirmPaymentInput {
  @Field(() => ID, { description: 'Which payment.' })
  paymentId!: string;

  @Field(() => [CheckoutFieldInput], { description: "All fields that the gateway's checkout handed over." })
  fields!: CheckoutFieldInput[];

  @Field(() => String, { nullable: true, description: 'For a guest: the token that came with the payment.' })
  accessToken?: string | null;
}

@InputType({ description: 'Asks the gateway how a payment stands.' })
export class VerifyPaymentInput {
  @Field(() => ID, { description: 'Which payment.' })
  paymentId!: string;

  @Field(() => String, { nullable: true, description: 'For a guest: the token that came with the payment.' })
  accessToken?: string | null;
}

@ObjectType({ description: 'The outcome of confirming a payment.' })
export class ConfirmPaymentPayload {
  @Field(() => PaymentType, {
    nullable: true,
    description: 'The payment as it is now. Null: see userErrors.',
  })
  payment!: PaymentType | null;

  @Field(() => [UserErrorType], { description: 'Why it was not taken. Empty: it was.' })
  userErrors!: UserErrorType[];
}

@ObjectType({ description: 'The outcome of asking the gateway.' })
export class VerifyPaymentPayload {
  @Field(() => PaymentType, {
    nullable: true,
    description: 'The payment as it is now. Null: see userErrors.',
  })
  payment!: PaymentType | null;

  @Field(() => [UserErrorType], { description: 'Why it could not be asked. Empty: it was.' })
  userErrors!: UserErrorType[];
}

export const PaymentConnection = createConnectionType(PaymentType, 'Payment');
