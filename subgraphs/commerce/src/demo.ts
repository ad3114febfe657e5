import { demoPeople } from '@suvidha/demo';
import type { Db } from './db.ts';

/** The demo catalogue. Ids are fixed, so that examples can name them; prices are in paise. */
export const demoProducts = [
  {
    id: '019a0000-0000-7000-8000-000000000401',
    slug: 'steel-water-bottle',
    name: 'Steel water bottle, 1 l',
    description: 'Keeps water cold for a day. Double wall, leak-proof lid.',
    priceMinor: 74_900,
  },
  {
    id: '019a0000-0000-7000-8000-000000000402',
    slug: 'led-bulb-9w',
    name: 'LED bulb 9 W, pack of 4',
    description: 'Cool daylight, B22 base, as bright as a 60 W lamp.',
    priceMinor: 39_900,
  },
  {
    id: '019a0000-0000-7000-8000-000000000403',
    slug: 'basmati-rice-5kg',
    name: 'Basmati rice, 5 kg',
    description: 'Long grain, aged for a year.',
    priceMinor: 64_500,
  },
  {
    id: '019a0000-0000-7000-8000-000000000404',
    slug: 'toor-dal-1kg',
    name: 'Toor dal, 1 kg',
    description: 'Unpolished split pigeon peas.',
    priceMinor: 16_850,
  },
  {
    id: '019a0000-0000-7000-8000-000000000405',
    slug: 'assam-tea-500g',
    name: 'Assam tea, 500 g',
    description: 'Strong leaf tea for chai.',
    priceMinor: 28_000,
  },
  {
    id: '019a0000-0000-7000-8000-000000000406',
    slug: 'cotton-bedsheet-double',
    name: 'Cotton bedsheet, double',
    description: 'Block print, with two pillow covers.',
    priceMinor: 119_900,
  },
  {
    id: '019a0000-0000-7000-8000-000000000407',
    slug: 'pressure-cooker-5l',
    name: 'Pressure cooker, 5 l',
    description: 'Aluminium, outer lid, works on gas stoves. ISI marked.',
    priceMinor: 189_500,
  },
  {
    id: '019a0000-0000-7000-8000-000000000408',
    slug: 'usb-c-charger-25w',
    name: 'USB-C charger, 25 W',
    description: 'Charges phones and tablets. Cable not included.',
    priceMinor: 99_900,
  },
  {
    id: '019a0000-0000-7000-8000-000000000409',
    slug: 'neem-soap',
    name: 'Neem soap, pack of 3',
    description: 'Hand-made with coconut oil.',
    priceMinor: 13_500,
  },
  {
    id: '019a0000-0000-7000-8000-000000000410',
    slug: 'folding-umbrella',
    name: 'Folding umbrella',
    description: 'For the monsoon: eight ribs, opens at the press of a button.',
    priceMinor: 54_900,
  },
  {
    id: '019a0000-0000-7000-8000-000000000411',
    slug: 'ruled-notebooks',
    name: 'Ruled notebooks, pack of 6',
    description: '172 pages each, single line.',
    priceMinor: 36_000,
  },
  {
    id: '019a0000-0000-7000-8000-000000000412',
    slug: 'ceiling-fan-1200mm',
    name: 'Ceiling fan, 1200 mm',
    description: 'Runs on 28 W, with a remote control.',
    priceMinor: 299_900,
  },
] as const;

/** What the demo customer has in the cart. */
export const demoCart = {
  id: '019a0000-0000-7000-8000-000000000451',
  items: [
    { productId: demoProducts[1].id, quantity: 2 },
    { productId: demoProducts[4].id, quantity: 1 },
  ],
} as const;

const addedAt = new Date('2026-01-05T05:00:00.000Z');
const cartOpenedAt = new Date('2026-02-14T11:20:00.000Z');

/** Puts catalogue and cart there, once; a second run changes nothing. */
export async function seedDemo(db: Db): Promise<void> {
  await db.product.createMany({
    data: demoProducts.map((product) => ({ ...product, currency: 'INR', createdAt: addedAt })),
    skipDuplicates: true,
  });
  const { id: cartId, items } = demoCart;
  const { count } = await db.cart.createMany({
    data: [{ id: cartId, userId: demoPeople.customer.id, createdAt: cartOpenedAt }],
    skipDuplicates: true,
  });
  // Only into the cart just made: one that is there already holds what its owner wants in it.
  if (count === 1) await db.cartItem.createMany({ data: items.map((item) => ({ ...item, cartId })) });
}
