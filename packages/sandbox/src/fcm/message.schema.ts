import { z } from 'zod';

const texts = z.record(z.string(), z.string());

/** A message to one app (https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages). */
export const sendBody = z.strictObject({
  validate_only: z.boolean().optional(),
  message: z.strictObject({
    token: z.string().min(1),
    notification: z.strictObject({ title: z.string(), body: z.string(), image: z.string().optional() }),
    data: texts.refine((data) => Object.keys(data).every(isAllowedKey), 'reserved key').optional(),
    android: z
      .strictObject({
        priority: z.enum(['NORMAL', 'HIGH']).optional(),
        ttl: z
          .string()
          .regex(/^\d+(\.\d+)?s$/)
          .optional(),
        collapse_key: z.string().optional(),
        notification: z.looseObject({ tag: z.string().optional() }).optional(),
      })
      .optional(),
    apns: z.strictObject({ headers: texts.optional(), payload: z.looseObject({}).optional() }).optional(),
    webpush: z
      .strictObject({
        headers: texts.optional(),
        notification: z.looseObject({}).optional(),
        fcm_options: z.strictObject({ link: z.url({ protocol: /^https$/ }) }).optional(),
      })
      .optional(),
  }),
});

export type FcmMessage = z.output<typeof sendBody>['message'];

/** Keys that Google keeps for itself. */
function isAllowedKey(key: string): boolean {
  return !['from', 'message_type'].includes(key) && !/^(google|gcm)/.test(key);
}
