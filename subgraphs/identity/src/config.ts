import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { notificationVariables } from '@suvidha/notifications';
import { subgraphVariables } from '@suvidha/subgraph';
import { z } from 'zod';
import { appOriginVariables } from './client-app/app-origins.config.ts';
import { descopeVariables } from './descope/descope.variables.ts';
import { socialVariables } from './social/social.variables.ts';

const count = z.coerce.number('must be a number').int('must be a whole number').min(1);

/** Everything the identity process reads from its environment. */
export const identityVariables = {
  ...subgraphVariables('identity'),
  ...socialVariables,
  ...descopeVariables,
  ...notificationVariables,
  ...appOriginVariables,
  addresses: {
    public: variable('PUBLIC_URL', kinds.url.default('http://localhost:4000'), {
      description: 'Address under which clients reach the gateway, for links that it serves.',
      example: 'https://api.example.com',
    }),
    webApp: variable('WEB_APP_URL', kinds.url.default('http://localhost:4000'), {
      description: 'Address of the web site that links in mails lead to.',
      example: 'https://app.example.com',
    }),
  },
  limits: {
    messagesPerHour: variable('MESSAGES_PER_ADDRESS', count.default(300), {
      description: 'How many codes and mails one IP address may have sent within an hour.',
      example: '300',
    }),
    attemptsPerHour: variable('ATTEMPTS_PER_ADDRESS', count.default(600), {
      description: 'How many codes, passwords and links one IP address may try within an hour.',
      example: '600',
    }),
  },
  passwords: {
    memoryKib: variable('PASSWORD_HASH_MEMORY_KIB', count.default(19_456), {
      description:
        'Memory that hashing a password takes (Argon2id), in KiB. Raising it renews hashes as people log in.',
      example: '19456',
    }),
    passes: variable('PASSWORD_HASH_PASSES', count.default(2), {
      description: 'Passes over that memory.',
      example: '2',
    }),
  },
  keys: {
    lifetimeDays: variable('SIGNING_KEY_DAYS', count.default(90), {
      description: 'How many days a key signs access tokens before another takes its place by itself.',
      example: '90',
    }),
  },
  secrets: {
    masterKey: variable('MASTER_KEY', kinds.key32, {
      description: 'Seals secrets at rest: 32 random bytes in base64. Losing it loses what it sealed.',
    }),
  },
};

export type IdentityConfig = ConfigOf<typeof identityVariables>;
