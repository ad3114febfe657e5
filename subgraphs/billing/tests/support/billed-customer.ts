import type { UserActor } from '@suvidha/auth';
import { uuidv7 } from '@suvidha/db';
import { testActor } from '@suvidha/testing';
import type { Pool } from 'pg';

export interface NewBill {
  /** In paise. Default 100 000, which is 1000.00. */
  readonly amountMinor?: number;
  /** Default 0. A bill of which all is paid is PAID. */
  readonly paidAmountMinor?: number;
  readonly connectionId?: string;
}

export interface BilledCustomer {
  readonly actor: UserActor;
  /** Their first connection. */
  readonly connectionId: string;
  addConnection(utility?: 'ELECTRICITY' | 'GAS' | 'WATER'): Promise<string>;
  /** Issues a bill, newer than all before; answers its id. */
  addBill(bill?: NewBill): Promise<string>;
}

/** A new customer with one connection and no bills. */
export async function createCustomer(pool: Pool): Promise<BilledCustomer> {
  const actor = testActor();
  const addConnection: BilledCustomer['addConnection'] = async (utility = 'ELECTRICITY') => {
    const id = uuidv7();
    await pool.query(
      `insert into connection (id, user_id, utility, consumer_number, supplier_name)
       values ($1, $2, $3, $4, 'A supplier')`,
      [id, actor.userId, utility, `C-${id}`],
    );
    return id;
  };
  const connectionId = await addConnection();
  let month = 0;
  return {
    actor,
    connectionId,
    addConnection,
    addBill: async ({ amountMinor = 100_000, paidAmountMinor = 0, ...bill } = {}) => {
      const id = uuidv7();
      month += 1;
      await pool.query(
        `insert into bill (id, bill_number, connection_id, user_id, status, amount_minor, paid_amount_minor,
           currency, period_start, period_end, due_at, issued_at)
         select $1::uuid, 'N-' || $1::uuid, $2, $3, $4::"BillStatus", $5, $6, 'INR', start, start + interval '1 month',
           start + interval '2 months', start + interval '1 month'
           from (select timestamptz '2020-01-01Z' + $7 * interval '1 month' as start) period`,
        [
          id,
          bill.connectionId ?? connectionId,
          actor.userId,
          amountMinor === paidAmountMinor ? 'PAID' : 'DUE',
          amountMinor,
          paidAmountMinor,
          month,
        ],
      );
      return id;
    },
  };
}
