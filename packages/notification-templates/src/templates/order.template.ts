import { z } from 'zod';
import { shorten, sms } from '../sms.ts';
import { defineTemplate } from '../template.ts';
import { link, money, text } from '../variables.ts';

const orderStatuses = ['CONFIRMED', 'PACKED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'REFUNDED'] as const;
type OrderStatus = (typeof orderStatuses)[number];

const confirmationVariables = z.object({
  orderNumber: text,
  total: money,
  items: z.array(z.object({ name: text, quantity: z.int().positive(), amount: money })).min(1),
  /** Where the order can be seen. */
  link,
});

const sampleOrder = {
  orderNumber: 'ORD-2026-000417',
  link: 'https://suvidha.example/orders/ORD-2026-000417',
};

export const orderConfirmation = defineTemplate(confirmationVariables, {
  category: 'ORDERS',
  sample: {
    ...sampleOrder,
    total: { amountMinor: 174_800, currency: 'INR' },
    items: [
      { name: 'Steel bottle, 1 litre', quantity: 2, amount: { amountMinor: 99_800, currency: 'INR' } },
      { name: 'Cotton towel', quantity: 1, amount: { amountMinor: 75_000, currency: 'INR' } },
    ],
  },
  content: {
    en: {
      SMS: sms(
        'Your Suvidha order ##orderNumber## is confirmed. Total: ##total##. See it at ##link##',
        ({ orderNumber, total, link: url }: z.output<typeof confirmationVariables>, { plainMoney }) => ({
          orderNumber: shorten(orderNumber),
          total: plainMoney(total),
          link: url,
        }),
      ),
      EMAIL: ({ orderNumber, total, items, link: url }, { money: format }) => ({
        subject: `Your order ${orderNumber} is confirmed`,
        heading: 'Thank you for your order',
        lead: `Your order ${orderNumber} is confirmed.`,
        rows: [
          ...items.map(({ name, quantity, amount }) => [`${quantity} × ${name}`, format(amount)] as const),
          ['Total', format(total)],
        ],
        button: { label: 'See the order', link: url },
      }),
      PUSH: ({ orderNumber, total, link: url }, { money: format }) => ({
        title: 'Order confirmed',
        body: `${orderNumber}, ${format(total)}`,
        link: url,
      }),
    },
    hi: {
      SMS: sms(
        'आपका सुविधा ऑर्डर ##orderNumber## पक्का हो गया है। कुल राशि: ##total##। यहाँ देखें: ##link##',
        ({ orderNumber, total, link: url }: z.output<typeof confirmationVariables>, { money: format }) => ({
          orderNumber: shorten(orderNumber),
          total: format(total),
          link: url,
        }),
      ),
      EMAIL: ({ orderNumber, total, items, link: url }, { money: format }) => ({
        subject: `आपका ऑर्डर ${orderNumber} पक्का हो गया है`,
        heading: 'ऑर्डर के लिए धन्यवाद',
        lead: `आपका ऑर्डर ${orderNumber} पक्का हो गया है।`,
        rows: [
          ...items.map(({ name, quantity, amount }) => [`${quantity} × ${name}`, format(amount)] as const),
          ['कुल', format(total)],
        ],
        button: { label: 'ऑर्डर देखें', link: url },
      }),
      PUSH: ({ orderNumber, total, link: url }, { money: format }) => ({
        title: 'ऑर्डर पक्का हो गया',
        body: `${orderNumber}, ${format(total)}`,
        link: url,
      }),
    },
  },
});

const statusVariables = z.object({
  orderNumber: text,
  status: z.enum(orderStatuses),
  /** Where the order can be seen. */
  link,
});

/** What follows "Your order …". */
const english: Readonly<Record<OrderStatus, string>> = {
  CONFIRMED: 'is confirmed',
  PACKED: 'is packed',
  SHIPPED: 'is on its way',
  DELIVERED: 'was delivered',
  CANCELLED: 'was cancelled',
  REFUNDED: 'was refunded',
};

/** What follows "आपका ऑर्डर …". */
const hindi: Readonly<Record<OrderStatus, string>> = {
  CONFIRMED: 'पक्का हो गया है',
  PACKED: 'पैक हो गया है',
  SHIPPED: 'रास्ते में है',
  DELIVERED: 'पहुँच गया है',
  CANCELLED: 'रद्द हो गया है',
  REFUNDED: 'का पैसा लौटा दिया गया है',
};

export const orderStatus = defineTemplate(statusVariables, {
  category: 'ORDERS',
  sample: { ...sampleOrder, status: 'SHIPPED' as const },
  content: {
    en: {
      SMS: sms(
        'Your Suvidha order ##orderNumber## ##status##. See it at ##link##',
        ({ orderNumber, status, link: url }: z.output<typeof statusVariables>) => ({
          orderNumber: shorten(orderNumber),
          status: english[status],
          link: url,
        }),
      ),
      EMAIL: ({ orderNumber, status, link: url }) => ({
        subject: `Your order ${orderNumber} ${english[status]}`,
        heading: `Your order ${english[status]}`,
        lead: `There is news: your order ${orderNumber} ${english[status]}.`,
        button: { label: 'See the order', link: url },
      }),
      PUSH: ({ orderNumber, status, link: url }) => ({
        title: 'Your order',
        body: `${orderNumber} ${english[status]}`,
        link: url,
      }),
    },
    hi: {
      SMS: sms(
        'आपका सुविधा ऑर्डर ##orderNumber## ##status##। यहाँ देखें: ##link##',
        ({ orderNumber, status, link: url }: z.output<typeof statusVariables>) => ({
          orderNumber: shorten(orderNumber),
          status: hindi[status],
          link: url,
        }),
      ),
      EMAIL: ({ orderNumber, status, link: url }) => ({
        subject: `आपका ऑर्डर ${orderNumber} ${hindi[status]}`,
        heading: `आपका ऑर्डर ${hindi[status]}`,
        lead: `आपके लिए सूचना: आपका ऑर्डर ${orderNumber} ${hindi[status]}।`,
        button: { label: 'ऑर्डर देखें', link: url },
      }),
      PUSH: ({ orderNumber, status, link: url }) => ({
        title: 'आपका ऑर्डर',
        body: `${orderNumber} ${hindi[status]}`,
        link: url,
      }),
    },
  },
});
