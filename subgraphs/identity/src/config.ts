import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';
import { z } from 'zod';

/** Everything the identity process reads from its environment. */
export const identityVariables = {
  ...subgraphVariables('identity'),
  secrets: {
    masterKey: variable('MASTER_KEY', kinds.key32, {
      description: 'Seals secrets at rest: 32 random bytes in base64. Losing it loses what it sealed.',
    }),
  },
  twilio: {
    baseUrl: variable('TWILIO_BASE_URL', kinds.url.default('https://api.twilio.com'), {
      description: 'Address of the Twilio API.',
      example: 'https://api.twilio.com',
    }),
    accountSid: variable('TWILIO_ACCOUNT_SID', z.string().min(1), {
      description: 'Twilio account that sends SMS.',
    }),
    authToken: variable('TWILIO_AUTH_TOKEN', z.string().min(1), {
      description: 'Secret of the Twilio account.',
    }),
    from: variable('TWILIO_FROM', z.string().min(1), {
      description: 'Number that SMS are sent from, in E.164 form.',
    }),
  },
  mail: {
    smtpUrl: variable('SMTP_URL', z.string().min(1), {
      description: 'Mail server, as smtp://user:password@host:port.',
    }),
    from: variable('MAIL_FROM', z.string().min(1), {
      description: 'Sender of mails, such as Suvidha <no-reply@example.com>.',
    }),
  },
};

export type IdentityConfig = ConfigOf<typeof identityVariables>;
