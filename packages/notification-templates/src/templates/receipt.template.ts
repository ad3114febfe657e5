import { z } from 'zod';
import type { Formats } from '../formats.ts';
import type { Locale } from '../message.ts';
import { type SmsComposer, shorten, sms } from '../sms.ts';
import { type ComposerByChannel, defineTemplate } from '../template.ts';
import { link, moment, money, text } from '../variables.ts';

const variables = z.object({
  receiptNumber: text,
  /** What was paid for. */
  payable: z.enum(['BILL', 'ORDER', 'SERVICE_PURCHASE']),
  /** Its number, as its payer knows it. Absent: it has none. */
  payableNumber: text.optional(),
  amount: money,
  /** When the money was taken, or was given back. */
  movedAt: moment,
  /** Where the receipt can be had, and until when. */
  link,
  linkExpiresAt: moment,
});

type Variables = z.output<typeof variables>;

/** The words of one language that receipts of payments and of refunds share. */
interface Language {
  readonly payables: Readonly<Record<Variables['payable'], string>>;
  readonly number: string;
  readonly amount: string;
  readonly button: string;
  /** How long the link holds, and what to do then. */
  readonly linkNote: (until: string) => string;
}

const languages: Readonly<Record<Locale, Language>> = {
  en: {
    payables: { BILL: 'your bill', ORDER: 'your order', SERVICE_PURCHASE: 'your purchase' },
    number: 'Receipt',
    amount: 'Amount',
    button: 'Open the receipt',
    linkNote: (until) =>
      `The link works until ${until}. After that you find the receipt in Suvidha, with your payment.`,
  },
  hi: {
    payables: { BILL: 'आपके बिल', ORDER: 'आपके ऑर्डर', SERVICE_PURCHASE: 'आपकी ख़रीद' },
    number: 'रसीद संख्या',
    amount: 'राशि',
    button: 'रसीद खोलें',
    linkNote: (until) => `यह लिंक ${until} तक मान्य है। उसके बाद रसीद सुविधा में आपके भुगतान के साथ मिलेगी।`,
  },
};

/** The words of one kind of receipt in one language. */
interface Wording {
  readonly sms: SmsComposer<Variables>;
  /** What stands before the number in the subject. */
  readonly name: string;
  readonly heading: string;
  readonly lead: (amount: string, payable: string) => string;
  /** What happened at the time that the receipt names. */
  readonly moved: string;
  readonly notes: readonly string[];
  readonly push: string;
}

/** A template with these words; `sampleNumber` is for previews. */
function defineReceipt(sampleNumber: string, wordings: Readonly<Record<Locale, Wording>>) {
  return defineTemplate(variables, {
    category: 'PAYMENTS',
    sample: {
      receiptNumber: sampleNumber,
      payable: 'BILL',
      payableNumber: 'EL-202611-7',
      amount: { amountMinor: 124_900, currency: 'INR' },
      movedAt: '2026-11-21T04:00:00.000Z',
      link: `https://suvidha.example/receipts/${sampleNumber}`,
      linkExpiresAt: '2026-12-21T04:00:00.000Z',
    },
    content: { en: compose(wordings.en, languages.en), hi: compose(wordings.hi, languages.hi) },
  });
}

function compose(wording: Wording, language: Language): ComposerByChannel<Variables> {
  return {
    SMS: wording.sms,
    EMAIL: ({ receiptNumber, amount, movedAt, link: url, linkExpiresAt, ...paid }, formats) => ({
      subject: `${wording.name} ${receiptNumber}`,
      heading: wording.heading,
      lead: wording.lead(formats.money(amount), toPayable(paid, language)),
      rows: [
        [language.number, receiptNumber],
        [language.amount, formats.money(amount)],
        [wording.moved, formats.moment(movedAt)],
      ],
      button: { label: language.button, link: url },
      notes: [...wording.notes, language.linkNote(formats.moment(linkExpiresAt))],
    }),
    PUSH: ({ receiptNumber, amount, link: url }, { money: format }) => ({
      title: wording.push,
      body: `${receiptNumber}, ${format(amount)}`,
      link: url,
    }),
  };
}

/** `your bill EL-202611-7`. */
function toPayable(
  { payable, payableNumber }: Pick<Variables, 'payable' | 'payableNumber'>,
  { payables }: Language,
) {
  return payableNumber ? `${payables[payable]} ${payableNumber}` : payables[payable];
}

const toEnglishValues = (
  { receiptNumber, amount, link: url, ...paid }: Variables,
  { plainMoney }: Formats,
) => ({
  receiptNumber: shorten(receiptNumber),
  payable: shorten(toPayable(paid, languages.en)),
  amount: plainMoney(amount),
  link: url,
});

const toHindiValues = ({ receiptNumber, amount, link: url, ...paid }: Variables, formats: Formats) => ({
  receiptNumber: shorten(receiptNumber),
  payable: shorten(toPayable(paid, languages.hi)),
  amount: formats.money(amount),
  link: url,
});

export const receipt = defineReceipt('R-2026-000731', {
  en: {
    sms: sms('Receipt ##receiptNumber## of ##amount## for ##payable##. Suvidha: ##link##', toEnglishValues),
    name: 'Receipt',
    heading: 'Your receipt',
    lead: (amount, payable) => `Thank you: we have received ${amount} for ${payable}.`,
    moved: 'Paid',
    notes: [],
    push: 'Your receipt is ready',
  },
  hi: {
    sms: sms('##payable## के लिए ##amount## की रसीद ##receiptNumber##। सुविधा: ##link##', toHindiValues),
    name: 'रसीद',
    heading: 'आपकी रसीद',
    lead: (amount, payable) => `धन्यवाद! ${payable} के लिए ${amount} हमें मिल गए हैं।`,
    moved: 'भुगतान का समय',
    notes: [],
    push: 'आपकी रसीद तैयार है',
  },
});

export const refundReceipt = defineReceipt('RR-2026-000042', {
  en: {
    sms: sms(
      'Refund of ##amount## for ##payable##: receipt ##receiptNumber##. Suvidha: ##link##',
      toEnglishValues,
    ),
    name: 'Refund receipt',
    heading: 'Your refund',
    lead: (amount, payable) => `We have given back ${amount} that you paid for ${payable}.`,
    moved: 'Refunded',
    notes: ['Your bank may take some days to show the money.'],
    push: 'Your money was given back',
  },
  hi: {
    sms: sms('##payable## के लिए ##amount## का रिफ़ंड: रसीद ##receiptNumber##। सुविधा: ##link##', toHindiValues),
    name: 'रिफ़ंड रसीद',
    heading: 'आपका रिफ़ंड',
    lead: (amount, payable) => `${payable} के लिए दिए गए ${amount} हमने आपको लौटा दिए हैं।`,
    moved: 'रिफ़ंड का समय',
    notes: ['पैसा आपके बैंक खाते में दिखने में कुछ दिन लग सकते हैं।'],
    push: 'आपका पैसा लौटा दिया गया है',
  },
});
