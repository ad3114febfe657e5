import { uuidv7 } from '@suvidha/db';
import { UserError, UserErrorCode } from '@suvidha/errors';
import type { Db } from '../db.ts';
import type { Device, DevicePlatform } from '../generated/prisma/client.ts';

/** Firebase promises no form; what is longer than this is none of its tokens. */
const tokenPattern = /^[\w:.-]{10,1024}$/;

/** A person has few devices: the oldest make room, so that nobody fills the table. */
const maxDevices = 20;

/** The apps that push messages can reach. */
export class DeviceService {
  readonly #db: Db;
  readonly #now: () => Date;

  constructor(db: Db, now: () => Date) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * Registers an app for a person. A token belongs to whoever registered it last: it is one app on one device.
   * @throws UserError INVALID_INPUT.
   */
  async register(
    userId: string,
    { platform, pushToken }: { readonly platform: DevicePlatform; readonly pushToken: string },
  ): Promise<Device> {
    assertToken(pushToken);
    const owned = { userId, platform, registeredAt: this.#now() };
    const device = await this.#db.device.upsert({
      where: { pushToken },
      create: { id: uuidv7(), pushToken, ...owned },
      update: owned,
    });
    await this.#makeRoom(userId);
    return device;
  }

  /** Ends push messages to an app of this person; one that is not theirs stays. */
  async unregister(userId: string, pushToken: string): Promise<void> {
    await this.#db.device.deleteMany({ where: { userId, pushToken } });
  }

  /** The push service knows this token no more. */
  async forget(pushToken: string): Promise<void> {
    await this.#db.device.deleteMany({ where: { pushToken } });
  }

  async #makeRoom(userId: string): Promise<void> {
    const surplus = await this.#db.device.findMany({
      where: { userId },
      orderBy: { registeredAt: 'desc' },
      skip: maxDevices,
      select: { id: true },
    });
    if (surplus.length === 0) return;
    await this.#db.device.deleteMany({ where: { id: { in: surplus.map(({ id }) => id) } } });
  }
}

function assertToken(pushToken: string): void {
  if (tokenPattern.test(pushToken)) return;
  throw new UserError(
    UserErrorCode.INVALID_INPUT,
    'pushToken must be a registration token of Firebase Cloud Messaging.',
    ['input', 'pushToken'],
  );
}
