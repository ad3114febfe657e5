import { kinds, variable } from '@suvidha/config';
import { z } from 'zod';

/** What Descope as a back end reads from the environment. */
export const descopeVariables = {
  descope: {
    backEnd: variable('IDENTITY_BACKEND', z.enum(['own', 'descope']).default('own'), {
      description:
        'Who sends and takes one-time codes, and talks to Google, Facebook and Apple: own, or descope, whose sessions then stand behind ours.',
      example: 'own',
    }),
    projectId: variable('DESCOPE_PROJECT_ID', z.string().min(1).optional(), {
      description: 'Project at Descope. Needed with IDENTITY_BACKEND=descope.',
    }),
    baseUrl: variable('DESCOPE_BASE_URL', kinds.url.default('https://api.descope.com'), {
      description: 'Address of the Descope API.',
      example: 'https://api.descope.com',
    }),
  },
};
