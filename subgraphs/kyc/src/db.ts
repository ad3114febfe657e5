import { createClientOptions } from '@suvidha/db';
import type { Pool } from 'pg';
import { PrismaClient } from './generated/prisma/client.ts';

/** The KYC database, or a transaction on it. */
export type Db = Omit<PrismaClient, '$connect' | '$disconnect' | '$on' | '$transaction' | '$extends'>;

export function createDb(pool: Pool): PrismaClient {
  return new PrismaClient(createClientOptions(pool));
}
