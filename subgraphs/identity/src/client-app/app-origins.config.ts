import { ClientApp } from '@suvidha/auth';
import { kinds, variable } from '@suvidha/config';
import { z } from 'zod';
import type { AppOrigins } from './client-app.rules.ts';

const developmentOrigins = ['http://localhost:*', 'http://127.0.0.1:*'];

/** Web origins of one app: a list for production, and one for everywhere else. */
function appOrigins(app: string, title: string) {
  return {
    production: variable(`${app}_APP_ORIGINS`, kinds.list.default([]), {
      description: `Web origins that ${title} is served from in production, separated by commas. Absent: no browser may log in to it.`,
      example: `https://${app.toLowerCase()}.example.com`,
    }),
    development: variable(`${app}_APP_DEVELOPMENT_ORIGINS`, kinds.list.default(developmentOrigins), {
      description: `The same outside of production. A port of * stands for any. Absent: ${developmentOrigins.join(' and ')}.`,
      example: 'http://localhost:5173',
    }),
  };
}

const web = appOrigins('WEB', 'the web site');
const parent = appOrigins('PARENT', 'the app for parents');
const partner = appOrigins('PARTNER', 'the app for partners');
const admin = appOrigins('ADMIN', 'the app for staff');

/** Where each client app with pages is served from. */
export const appOriginVariables = {
  mode: {
    name: variable('NODE_ENV', z.enum(['development', 'production', 'test']).default('development'), {
      description:
        'In production nothing is made up: every secret and database must be given, and the sandbox is off.',
      example: 'development',
    }),
  },
  productionOrigins: {
    web: web.production,
    parent: parent.production,
    partner: partner.production,
    admin: admin.production,
  },
  developmentOrigins: {
    web: web.development,
    parent: parent.development,
    partner: partner.development,
    admin: admin.development,
  },
};

type OriginLists = Readonly<Record<'web' | 'parent' | 'partner' | 'admin', readonly string[]>>;

/** The lists that hold where this process runs. */
export function toAppOrigins(config: {
  readonly mode: { readonly name: string };
  readonly productionOrigins: OriginLists;
  readonly developmentOrigins: OriginLists;
}): AppOrigins {
  const lists = config.mode.name === 'production' ? config.productionOrigins : config.developmentOrigins;
  return {
    [ClientApp.WEB]: lists.web,
    [ClientApp.PARENT]: lists.parent,
    [ClientApp.PARTNER]: lists.partner,
    [ClientApp.ADMIN]: lists.admin,
  };
}
