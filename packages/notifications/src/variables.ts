import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { z } from 'zod';
import { serviceAccount } from './vendor/fcm/google-token.ts';

/** JSON in one line, checked with a schema; the value is never repeated. */
function json<Schema extends z.ZodType>(schema: Schema, rule: string) {
  return z.string().transform((text, context): z.output<Schema> => {
    const result = schema.safeParse(parse(text));
    if (result.success) return result.data;
    context.addIssue({ code: 'custom', message: rule });
    return z.NEVER;
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const limit = z.coerce.number('must be a number').int('must be a whole number').min(0);

/** Everything that sending messages reads from the environment. */
export const notificationVariables = {
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
  msg91: {
    baseUrl: variable('MSG91_BASE_URL', kinds.url.default('https://control.msg91.com/api/v5'), {
      description: 'Address of the MSG91 API, with its version.',
      example: 'https://control.msg91.com/api/v5',
    }),
    authKey: variable('MSG91_AUTH_KEY', z.string().optional(), {
      description:
        'Key of the MSG91 account that sends SMS where Twilio cannot. Absent: there is no second vendor.',
    }),
    templateIds: variable(
      'MSG91_TEMPLATE_IDS',
      json(z.record(z.string(), z.string().min(1)), 'must be a JSON object of texts').default({}),
      {
        description:
          'MSG91 ids of the texts registered there with their DLT template ids, as JSON: {"otp-login/en": "…"}. See docs/notifications.md.',
      },
    ),
  },
  mail: {
    smtpUrl: variable('SMTP_URL', z.string().min(1), {
      description: 'Mail server, as smtp://user:password@host:port.',
    }),
    from: variable('MAIL_FROM', z.string().min(1), {
      description: 'Sender of mails, such as Suvidha <no-reply@example.com>.',
    }),
  },
  fcm: {
    baseUrl: variable('FCM_BASE_URL', kinds.url.default('https://fcm.googleapis.com'), {
      description: 'Address of Firebase Cloud Messaging.',
      example: 'https://fcm.googleapis.com',
    }),
    account: variable(
      'FCM_SERVICE_ACCOUNT',
      json(serviceAccount, 'must be the JSON of a Google service account key').optional(),
      {
        description:
          'Key file of the Firebase service account, as one line of JSON. Absent: no push messages.',
      },
    ),
  },
  smsLimits: {
    countries: variable('SMS_COUNTRIES', kinds.list.default([]), {
      description:
        'Country codes that SMS are sent to, separated by commas. Absent: all, which invites SMS pumping.',
      example: '+91,+234',
    }),
    destinationHourly: variable('NOTIFICATION_DESTINATION_HOURLY_LIMIT', limit.default(30), {
      description: 'Messages per hour to one phone number or e-mail address.',
      example: '30',
    }),
    blockHourly: variable('SMS_BLOCK_HOURLY_LIMIT', limit.default(200), {
      description: 'SMS per hour to a block of a thousand neighbouring numbers.',
      example: '200',
    }),
    daily: variable('SMS_DAILY_LIMIT', limit.default(50_000), {
      description: 'SMS per day in all: what a day may cost at most.',
      example: '50000',
    }),
  },
};

export type NotificationConfig = ConfigOf<typeof notificationVariables>;
