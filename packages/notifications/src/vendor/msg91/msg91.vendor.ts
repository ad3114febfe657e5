import type { Locale } from '@suvidha/notification-templates';
import { z } from 'zod';
import { createHttpCaller, toHttpError } from '../http-call.ts';
import { VendorError } from '../vendor.error.ts';
import type { Vendor } from '../vendor.ts';

export interface Msg91Options {
  /** With its version: `https://control.msg91.com/api/v5`. */
  readonly baseUrl: string;
  readonly authKey: string;
  /**
   * MSG91's ids of our texts, by `<template>/<locale>`. Each text is registered there together with its DLT template
   * id; what has none here cannot be sent by MSG91.
   */
  readonly templateIds: Readonly<Record<string, string>>;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

/** MSG91 answers failures with 200 as well: `type` decides. */
const answer = z.object({
  type: z.string(),
  message: z.string().default(''),
  request_id: z.string().optional(),
});

/** The key under which {@link Msg91Options.templateIds} has a text. */
export function toTemplateKey({
  template,
  locale,
}: {
  readonly template: string;
  readonly locale: Locale;
}): string {
  return `${template}/${locale}`;
}

/**
 * SMS by MSG91's flow API (https://docs.msg91.com/sms/send-sms). Indian operators deliver only texts that were
 * registered (TRAI's DLT), so it is sent an id and the values, never a text. It cannot be asked what it took.
 */
export function createMsg91Vendor(options: Msg91Options): Vendor<'SMS'> {
  const call = createHttpCaller('MSG91', options.timeoutMs);
  const url = `${options.baseUrl.replace(/\/$/, '')}/flow`;
  const idOf = (text: { template: string; locale: Locale }) => options.templateIds[toTemplateKey(text)];
  return {
    name: 'MSG91',
    replacesDuplicates: false,
    canSend: (text) => idOf(text) !== undefined,
    async send({ to, template, locale, content }) {
      const { status, body } = await call({
        url,
        headers: { authkey: options.authKey, 'content-type': 'application/json' },
        body: JSON.stringify({
          template_id: idOf({ template, locale }),
          short_url: '0',
          recipients: [{ mobiles: to.replace(/^\+/, ''), ...content.values }],
        }),
      });
      return readRequestId(status, body);
    },
  };
}

/** @throws VendorError */
function readRequestId(status: number, body: unknown): string {
  const { data } = answer.safeParse(body);
  if (status === 200 && data?.type === 'success') return data.request_id ?? data.message;
  if (status === 503) throw new VendorError('NOT_SENT', 'MSG91_503');
  if (status !== 200) throw toHttpError('MSG91', status);
  if (!data) throw new VendorError('UNKNOWN', 'MSG91_UNREADABLE');
  // It has sentences and no codes for this.
  const isNumberAtFault = /mobile|number/i.test(data.message);
  throw isNumberAtFault
    ? new VendorError('UNDELIVERABLE', 'MSG91_INVALID_NUMBER')
    : new VendorError('REFUSED', 'MSG91_ERROR');
}
