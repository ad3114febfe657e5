import type { PersonalData } from '@suvidha/events';
import type { Db } from '../db.ts';

/** What commerce knows of people. A cart is nobody's business but its owner's. */
export const commercePersonalData: PersonalData<Db> = {
  subgraph: 'commerce',
  async collect(tx, userId) {
    const cart = await tx.cart.findUnique({
      where: { userId },
      include: { items: { include: { product: { select: { name: true } } } } },
    });
    return { cart };
  },
  async erase(tx, { userId }) {
    await tx.cart.deleteMany({ where: { userId } });
  },
};
