import { describe, expect, it } from 'vitest';
import { createPreviews, listSmsRegistrations, render, renderStored, TemplateError } from '../src/index.ts';

const previews = createPreviews();
const money = { amountMinor: 49_900, currency: 'INR' } as const;
const link = 'https://suvidha.example/orders/7?a=1&b=2';
const base = { orderNumber: 'ORD-7', total: money, link };

describe('every template, in every language and channel', () => {
  it.each(previews)('$template $locale $channel says something whole', ({ text, html, subject, channel }) => {
    for (const part of [text, html ?? '', subject ?? ''])
      expect(part).not.toMatch(/undefined|NaN|##|\[object/);
    expect(text.length).toBeGreaterThan(10);
    expect(html === null).toBe(channel !== 'EMAIL');
    expect(subject ?? '').not.toMatch(/\n/);
  });

  it('speaks Hindi in Hindi', () => {
    for (const { locale, subject, text } of previews)
      expect(/[\u0900-\u097f]/.test(`${subject} ${text}`)).toBe(locale === 'hi');
  });

  it('keeps English SMS within the GSM alphabet, where one costs half', () => {
    const english = previews.filter(({ channel, locale }) => channel === 'SMS' && locale === 'en');
    for (const { text } of english) expect(text).toMatch(/^[\x20-\x7e]+$/);
    expect(english).toHaveLength(9);
  });

  it('lists the texts to register, with the values as placeholders', () => {
    const registrations = listSmsRegistrations();
    expect(registrations).toHaveLength(18);
    expect(registrations[0]).toEqual({
      template: 'otp-login',
      locale: 'en',
      pattern:
        '##code## is your Suvidha code to log in. It is valid for ##minutes## minutes. Share it with nobody.',
    });
  });
});

describe('render', () => {
  it('makes an SMS, with the values for vendors that keep the text', () => {
    const variables = { code: '012345', minutes: 10 };
    expect(render({ template: 'otp-login', channel: 'SMS', locale: 'en', variables })).toEqual({
      text: '012345 is your Suvidha code to log in. It is valid for 10 minutes. Share it with nobody.',
      values: { code: '012345', minutes: '10' },
    });
  });

  it('writes amounts and times as the reader does', () => {
    const variables = {
      receiptNumber: 'R-1',
      payable: 'BILL' as const,
      amount: { amountMinor: 12_345_600, currency: 'INR' } as const,
      movedAt: '2026-11-20T20:00:00.000Z',
      link,
      linkExpiresAt: '2026-12-20T20:00:00.000Z',
    };
    const receipt = { template: 'receipt', channel: 'EMAIL', variables } as const;
    const { text } = render({ ...receipt, locale: 'en' });
    expect(text).toContain('₹1,23,456.00');
    expect(text).toContain('21 November 2026');
    expect(text).toMatch(/1:30\sam IST/);
    expect(render({ ...receipt, locale: 'hi' }).text).toContain('21 नवंबर 2026, 01:30 IST');
    const lagos = render({ ...receipt, locale: 'en', timeZone: 'Africa/Lagos' });
    expect(lagos.text).toMatch(/20 November 2026.*9:00\spm/);
  });

  it('escapes what it is given, in text and in attributes', () => {
    const name = `<img src=x onerror="alert('1')"> & co`;
    const items = [{ name, quantity: 1, amount: money }];
    const variables = { ...base, items };
    const { html, text } = render({
      template: 'order-confirmation',
      channel: 'EMAIL',
      locale: 'en',
      variables,
    });
    expect(html).toContain('1 × &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; co');
    expect(html).toContain('href="https://suvidha.example/orders/7?a=1&amp;b=2"');
    expect(html).not.toContain('<img');
    expect(text).toContain(`1 × ${name}`);
  });

  it('lets no value forge a header, a line or another reading', () => {
    const orderNumber = 'ORD-7\r\nBcc: all@example.com\u2028\u202e7-DRO\u0000';
    const variables = { orderNumber, status: 'SHIPPED', link } as const;
    const mail = render({ template: 'order-status', channel: 'EMAIL', locale: 'en', variables });
    expect(mail.subject).toBe('Your order ORD-7 Bcc: all@example.com 7-DRO is on its way');
    const sms = render({ template: 'order-status', channel: 'SMS', locale: 'en', variables });
    expect(sms.text).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(sms.values.orderNumber).toHaveLength(30);
  });

  it('takes a placeholder in a value for text', () => {
    const variables = { orderNumber: '##link##', status: 'SHIPPED', link } as const;
    const sms = render({ template: 'order-status', channel: 'SMS', locale: 'en', variables });
    expect(sms.text).toMatch(/^Your Suvidha order ##link## is on its way/);
  });

  it('cuts long text at a whole character', () => {
    const variables = { orderNumber: 'क्षि'.repeat(20), status: 'SHIPPED', link } as const;
    const { values } = render({ template: 'order-status', channel: 'SMS', locale: 'hi', variables });
    expect(values.orderNumber).toMatch(/^(क्षि)+…$/);
    expect(values.orderNumber?.length).toBeLessThanOrEqual(30);
  });
});

describe('bad input', () => {
  const stored = { channel: 'EMAIL', locale: 'en' } as const;
  const codeOf = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      if (error instanceof TemplateError) return `${error.code}: ${error.message}`;
    }
    return 'nothing';
  };

  it.each(['nothing', 'constructor', '__proto__', ''])('is the template %j', (template) => {
    const act = () => renderStored({ ...stored, template, variables: {} });
    expect(codeOf(act)).toMatch(/^UNKNOWN_TEMPLATE/);
  });

  it('is a channel that the template has no text for', () => {
    const act = () =>
      renderStored({
        ...stored,
        channel: 'PUSH',
        template: 'otp-login',
        variables: { code: '1', minutes: 1 },
      });
    expect(codeOf(act)).toBe('CHANNEL_NOT_OFFERED: otp-login has no text for PUSH');
  });

  it.each([
    [{}, 'link, minutes'],
    [{ link: 'javascript:alert(1)', minutes: 5 }, 'link'],
    [{ link: 'data:text/html,x', minutes: 5 }, 'link'],
    [{ link, minutes: '5' }, 'minutes'],
  ])('is %j: the field is named, never the value', (variables, fields) => {
    const act = () => renderStored({ ...stored, template: 'password-reset', variables });
    expect(codeOf(act)).toBe(`INVALID_VARIABLES: password-reset lacks or refuses ${fields}`);
  });

  it('is found by the compiler', () => {
    const otp = { template: 'otp-login', channel: 'SMS', locale: 'en' } as const;
    const mistakes = [
      // @ts-expect-error a variable is missing
      () => render({ ...otp, variables: { code: '123456' } }),
      // @ts-expect-error a variable has another type
      () => render({ ...otp, variables: { code: '123456', minutes: '10' } }),
      // @ts-expect-error there is no such template
      () => render({ ...otp, template: 'otp-logout', variables: { code: '123456', minutes: 10 } }),
      // @ts-expect-error the template has no text for this channel
      () => render({ ...otp, channel: 'PUSH', variables: { code: '123456', minutes: 10 } }),
      // @ts-expect-error there is no such language
      () => render({ ...otp, locale: 'fr', variables: { code: '123456', minutes: 10 } }),
      // @ts-expect-error a variable of another template
      () => render({ ...otp, template: 'receipt', variables: { code: '123456', minutes: 10 } }),
    ];
    for (const mistake of mistakes) expect(mistake).toThrow();
  });
});
