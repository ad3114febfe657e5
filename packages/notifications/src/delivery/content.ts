import type { Sealer } from '@suvidha/seal';
import { z } from 'zod';

/** What a delivery says and to whom. It is stored sealed only, and forgotten when the delivery is done. */
export interface DeliveryContent {
  readonly to: string;
  readonly variables: unknown;
  readonly timeZone: string | null;
  readonly attachments: readonly {
    readonly filename: string;
    readonly contentType: string;
    readonly contentBase64: string;
  }[];
}

const purpose = 'notification';

const schema = z.object({
  to: z.string(),
  variables: z.unknown(),
  timeZone: z.string().nullable(),
  attachments: z.array(
    z.object({ filename: z.string(), contentType: z.string(), contentBase64: z.string() }),
  ),
});

export function sealContent(sealer: Sealer, content: DeliveryContent): string {
  return sealer.seal(purpose, JSON.stringify(content));
}

export function unsealContent(sealer: Sealer, sealed: string): DeliveryContent {
  const { variables, ...content } = schema.parse(JSON.parse(sealer.unseal(purpose, sealed)));
  return { ...content, variables };
}
