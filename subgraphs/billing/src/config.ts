import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';

/** Everything the billing process reads from its environment. */
export const billingVariables = {
  ...subgraphVariables('billing'),
  paymentRequests: {
    signingKey: variable('BILLING_SIGNING_KEY', kinds.privateJwk, {
      description: 'Private ES256 key, as a JSON Web Key with a kid, that signs what bills are owed.',
    }),
  },
};

export type BillingConfig = ConfigOf<typeof billingVariables>;
