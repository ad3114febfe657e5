import { z } from 'zod';
import { shorten, sms } from '../sms.ts';
import { defineTemplate } from '../template.ts';
import { link, moment, money, text } from '../variables.ts';

const paymentStatuses = ['RECEIVED', 'FAILED', 'EXPIRED', 'REFUNDED', 'PARTIALLY_REFUNDED'] as const;
type PaymentStatus = (typeof paymentStatuses)[number];

const statusVariables = z.object({
  /** What the payment was for, as people know it: `BILL-2026-11-0042`. */
  reference: text,
  amount: money,
  status: z.enum(paymentStatuses),
  /** Where the payment can be seen. */
  link,
});

type StatusVariables = z.output<typeof statusVariables>;

/** What follows "Your payment of ₹499.00 for BILL-… …". */
const english: Readonly<Record<PaymentStatus, string>> = {
  RECEIVED: 'was received',
  FAILED: 'failed',
  EXPIRED: 'was not completed in time',
  REFUNDED: 'was refunded',
  PARTIALLY_REFUNDED: 'was refunded in part',
};

/** What follows "BILL-… के लिए आपका ₹499.00 का भुगतान …". */
const hindi: Readonly<Record<PaymentStatus, string>> = {
  RECEIVED: 'मिल गया है',
  FAILED: 'नहीं हो सका',
  EXPIRED: 'समय पर पूरा नहीं हुआ',
  REFUNDED: 'लौटा दिया गया है',
  PARTIALLY_REFUNDED: 'आंशिक रूप से लौटा दिया गया है',
};

export const paymentStatus = defineTemplate(statusVariables, {
  category: 'PAYMENTS',
  sample: {
    reference: 'BILL-2026-11-0042',
    amount: { amountMinor: 124_900, currency: 'INR' },
    status: 'RECEIVED' as const,
    link: 'https://suvidha.example/payments/0042',
  },
  content: {
    en: {
      SMS: sms(
        'Your payment of ##amount## for ##reference## ##status##. Suvidha: ##link##',
        ({ reference, amount, status, link: url }: StatusVariables, { plainMoney }) => ({
          amount: plainMoney(amount),
          reference: shorten(reference),
          status: english[status],
          link: url,
        }),
      ),
      EMAIL: ({ reference, amount, status, link: url }, { money: format }) => ({
        subject: `Your payment for ${reference} ${english[status]}`,
        heading: `Your payment ${english[status]}`,
        lead: `Your payment of ${format(amount)} for ${reference} ${english[status]}.`,
        rows: [
          ['For', reference],
          ['Amount', format(amount)],
        ],
        button: { label: 'See the payment', link: url },
      }),
      PUSH: ({ reference, amount, status, link: url }, { money: format }) => ({
        title: `Your payment ${english[status]}`,
        body: `${format(amount)}, ${reference}`,
        link: url,
      }),
    },
    hi: {
      SMS: sms(
        '##reference## के लिए आपका ##amount## का भुगतान ##status##। सुविधा: ##link##',
        ({ reference, amount, status, link: url }: StatusVariables, { money: format }) => ({
          reference: shorten(reference),
          amount: format(amount),
          status: hindi[status],
          link: url,
        }),
      ),
      EMAIL: ({ reference, amount, status, link: url }, { money: format }) => ({
        subject: `${reference} के लिए आपका भुगतान ${hindi[status]}`,
        heading: `आपका भुगतान ${hindi[status]}`,
        lead: `${reference} के लिए आपका ${format(amount)} का भुगतान ${hindi[status]}।`,
        rows: [
          ['किसके लिए', reference],
          ['राशि', format(amount)],
        ],
        button: { label: 'भुगतान देखें', link: url },
      }),
      PUSH: ({ reference, amount, status, link: url }, { money: format }) => ({
        title: `आपका भुगतान ${hindi[status]}`,
        body: `${format(amount)}, ${reference}`,
        link: url,
      }),
    },
  },
});

const receiptVariables = z.object({
  receiptNumber: text,
  /** What was paid, as people know it. */
  reference: text,
  amount: money,
  paidAt: moment,
  /** Where the receipt can be had. A mail may carry it as an attachment too. */
  link,
});

type ReceiptVariables = z.output<typeof receiptVariables>;

export const receipt = defineTemplate(receiptVariables, {
  category: 'PAYMENTS',
  sample: {
    receiptNumber: 'RCPT-2026-000731',
    reference: 'BILL-2026-11-0042',
    amount: { amountMinor: 124_900, currency: 'INR' },
    paidAt: '2026-11-21T04:00:00.000Z',
    link: 'https://suvidha.example/receipts/RCPT-2026-000731',
  },
  content: {
    en: {
      SMS: sms(
        'Receipt ##receiptNumber## of ##amount## for ##reference##. Suvidha: ##link##',
        ({ receiptNumber, amount, reference, link: url }: ReceiptVariables, { plainMoney }) => ({
          receiptNumber: shorten(receiptNumber),
          amount: plainMoney(amount),
          reference: shorten(reference),
          link: url,
        }),
      ),
      EMAIL: ({ receiptNumber, reference, amount, paidAt, link: url }, formats) => ({
        subject: `Receipt ${receiptNumber}`,
        heading: 'Your receipt',
        lead: `Thank you: we have received ${formats.money(amount)} for ${reference}.`,
        rows: [
          ['Receipt', receiptNumber],
          ['For', reference],
          ['Amount', formats.money(amount)],
          ['Paid', formats.moment(paidAt)],
        ],
        button: { label: 'Open the receipt', link: url },
      }),
      PUSH: ({ receiptNumber, amount, link: url }, { money: format }) => ({
        title: 'Your receipt is ready',
        body: `${receiptNumber}, ${format(amount)}`,
        link: url,
      }),
    },
    hi: {
      SMS: sms(
        '##reference## के लिए ##amount## की रसीद ##receiptNumber##। सुविधा: ##link##',
        ({ receiptNumber, amount, reference, link: url }: ReceiptVariables, { money: format }) => ({
          reference: shorten(reference),
          amount: format(amount),
          receiptNumber: shorten(receiptNumber),
          link: url,
        }),
      ),
      EMAIL: ({ receiptNumber, reference, amount, paidAt, link: url }, formats) => ({
        subject: `रसीद ${receiptNumber}`,
        heading: 'आपकी रसीद',
        lead: `धन्यवाद! ${reference} के लिए ${formats.money(amount)} हमें मिल गए हैं।`,
        rows: [
          ['रसीद संख्या', receiptNumber],
          ['किसके लिए', reference],
          ['राशि', formats.money(amount)],
          ['भुगतान का समय', formats.moment(paidAt)],
        ],
        button: { label: 'रसीद खोलें', link: url },
      }),
      PUSH: ({ receiptNumber, amount, link: url }, { money: format }) => ({
        title: 'आपकी रसीद तैयार है',
        body: `${receiptNumber}, ${format(amount)}`,
        link: url,
      }),
    },
  },
});
