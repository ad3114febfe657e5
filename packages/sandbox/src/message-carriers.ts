import type { FastifyInstance } from 'fastify';
import type { Faults } from './control/faults.ts';
import { Fcm } from './fcm/fcm.ts';
import type { Inbox } from './inbox/inbox.ts';
import { registerMessages } from './messages/messages.route.ts';
import { Previews } from './messages/previews.ts';
import { Msg91, type Msg91Options } from './msg91/msg91.ts';
import { Mails } from './smtp/mails.ts';

/** Who carries messages besides Twilio, and what there is to look at of them. */
export class MessageCarriers {
  readonly msg91: Msg91;
  readonly fcm: Fcm;
  readonly mails = new Mails();
  readonly previews = new Previews();

  constructor(options: { msg91?: Msg91Options | undefined }, context: { faults: Faults; inbox: Inbox }) {
    this.msg91 = new Msg91(options.msg91 ?? {}, context);
    this.fcm = new Fcm(context);
  }

  async register(app: FastifyInstance): Promise<void> {
    registerMessages(app, this.previews);
    await app.register(async (scope) => this.msg91.register(scope), { prefix: '/msg91/api/v5' });
    await app.register(async (scope) => this.fcm.register(scope), { prefix: '/fcm' });
  }

  reset(): void {
    this.fcm.revokeTokens();
    this.mails.clear();
  }
}
