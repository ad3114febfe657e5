import type { ConfigOf } from '@suvidha/config';
import { subgraphVariables } from '@suvidha/subgraph';

/** Everything the commerce process reads from its environment. */
export const commerceVariables = subgraphVariables('commerce');

export type CommerceConfig = ConfigOf<typeof commerceVariables>;
