import { kinds, variable } from '@suvidha/config';
import { z } from 'zod';
import { parseRedirects } from './social-login.rules.ts';

const optional = z.string().min(1).optional();

const redirects = kinds.list
  .default([])
  .transform(parseRedirects)
  .refine((list) => list !== null, 'must be a list of APP=address, separated by commas')
  .transform((list) => list ?? {});

/** A private key as one line: line breaks may be written as `\n`. */
const pem = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .refine((text) => text.includes('BEGIN PRIVATE KEY'), 'must be a private key in PEM (PKCS #8)')
  .optional();

/** What logins at providers read from the environment. A provider without credentials is not offered. */
export const socialVariables = {
  social: {
    callbackBase: variable('SOCIAL_CALLBACK_URL', kinds.url.default('http://localhost:4000'), {
      description:
        'Public address of this API: providers send people back to /social/<provider>/callback below it. Register these addresses with them.',
      example: 'http://localhost:4000',
    }),
    redirects: variable('SOCIAL_REDIRECT_URIS', redirects, {
      description:
        'Where each client app may get people back after a login at a provider, as APP=address, separated by commas. Of this machine a port of * stands for any.',
      example: 'WEB=https://app.example.com/login,WEB=http://localhost:*/login',
    }),
  },
  google: {
    issuer: variable('GOOGLE_ISSUER', kinds.url.default('https://accounts.google.com'), {
      description: 'Issuer identifier of Google.',
      example: 'https://accounts.google.com',
    }),
    clientId: variable('GOOGLE_CLIENT_ID', optional, {
      description: 'OAuth client at Google. Absent: logging in with Google is not offered.',
    }),
    clientSecret: variable('GOOGLE_CLIENT_SECRET', optional, {
      description: 'Secret of the OAuth client at Google.',
    }),
  },
  facebook: {
    dialogUrl: variable(
      'FACEBOOK_DIALOG_URL',
      kinds.url.default('https://www.facebook.com/v24.0/dialog/oauth'),
      {
        description: 'Where people log in at Facebook, with the version.',
        example: 'https://www.facebook.com/v24.0/dialog/oauth',
      },
    ),
    graphUrl: variable('FACEBOOK_GRAPH_URL', kinds.url.default('https://graph.facebook.com/v24.0'), {
      description: "Address of Facebook's Graph API, with the version.",
      example: 'https://graph.facebook.com/v24.0',
    }),
    appId: variable('FACEBOOK_APP_ID', optional, {
      description: 'App at Facebook. Absent: logging in with Facebook is not offered.',
    }),
    appSecret: variable('FACEBOOK_APP_SECRET', optional, {
      description: 'Secret of the app at Facebook.',
    }),
  },
  apple: {
    issuer: variable('APPLE_ISSUER', kinds.url.default('https://appleid.apple.com'), {
      description: 'Issuer identifier of Apple.',
      example: 'https://appleid.apple.com',
    }),
    clientId: variable('APPLE_CLIENT_ID', optional, {
      description: 'Services ID at Apple. Absent: logging in with Apple is not offered.',
    }),
    teamId: variable('APPLE_TEAM_ID', optional, { description: 'Team at Apple, 10 characters.' }),
    keyId: variable('APPLE_KEY_ID', optional, {
      description: 'Key at Apple that signs client secrets, 10 characters.',
    }),
    privateKey: variable('APPLE_PRIVATE_KEY', pem, {
      description: 'That key, the content of its .p8 file in one line with \\n for line breaks.',
    }),
  },
};
