import type { ConfigOf } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';

/** Everything the KYC process reads from its environment. */
export const kycVariables = subgraphVariables('kyc');

export type KycConfig = ConfigOf<typeof kycVariables>;
