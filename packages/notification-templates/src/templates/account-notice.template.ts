import { z } from 'zod';
import { sms } from '../sms.ts';
import { defineTemplate } from '../template.ts';
import { moment } from '../variables.ts';

/** What happened to an account. At most thirty characters each: they are a variable of a registered SMS. */
const happenings = {
  PASSWORD_CHANGED: { en: 'your password was changed', hi: 'आपका पासवर्ड बदला गया' },
  EMAIL_CHANGED: { en: 'your e-mail was changed', hi: 'आपका ई-मेल पता बदला गया' },
  PHONE_CHANGED: { en: 'your phone number was changed', hi: 'आपका फ़ोन नंबर बदला गया' },
  LOGIN_LINKED: { en: 'a new way to log in was added', hi: 'लॉगिन का नया तरीका जोड़ा गया' },
  ACCOUNT_LEFT: { en: 'your account is being closed', hi: 'आपका खाता बंद हो रहा है' },
  EXPORT_READY: { en: 'a copy of your data is ready', hi: 'आपके डेटा की प्रति तैयार है' },
} as const;

type Happening = keyof typeof happenings;

function toSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Tells the owner of an account what happened to it, where they were reached so far. */
export const accountNotice = defineTemplate(
  z.object({ happening: z.enum(Object.keys(happenings) as [Happening, ...Happening[]]), at: moment }),
  {
    category: 'SECURITY',
    sample: { happening: 'PASSWORD_CHANGED', at: '2026-11-21T04:00:00.000Z' },
    content: {
      en: {
        SMS: sms('Suvidha: ##event##. If it was not you, write to us at once.', ({ happening }) => ({
          event: happenings[happening].en,
        })),
        EMAIL: ({ happening, at }, { moment: format }) => ({
          subject: `Suvidha: ${happenings[happening].en}`,
          heading: 'About your account',
          lead: `We write to tell you: ${happenings[happening].en}.`,
          rows: [['When', format(at)]],
          notes: ['If it was not you, write to us at once: somebody else may be using your account.'],
        }),
        PUSH: ({ happening }) => ({
          title: 'Suvidha: about your account',
          body: `${toSentence(happenings[happening].en)}. If it was not you, write to us at once.`,
        }),
      },
      hi: {
        SMS: sms('सुविधा: ##event##। अगर यह आपने नहीं किया, तो हमें तुरंत बताएँ।', ({ happening }) => ({
          event: happenings[happening].hi,
        })),
        EMAIL: ({ happening, at }, { moment: format }) => ({
          subject: `सुविधा: ${happenings[happening].hi}`,
          heading: 'आपके खाते के बारे में',
          lead: `आपको सूचित करना है: ${happenings[happening].hi}।`,
          rows: [['कब', format(at)]],
          notes: ['अगर यह आपने नहीं किया है, तो हमें तुरंत बताएँ: हो सकता है कि कोई और आपका खाता इस्तेमाल कर रहा हो।'],
        }),
        PUSH: ({ happening }) => ({
          title: 'सुविधा: आपके खाते के बारे में',
          body: `${happenings[happening].hi}। अगर यह आपने नहीं किया, तो हमें तुरंत बताएँ।`,
        }),
      },
    },
  },
);

/** Goes out in the place of a link that could do nothing, so that every address gets a mail. */
export const nothingToConfirm = defineTemplate(
  z.object({ wish: z.enum(['CONFIRMATION', 'PASSWORD_RESET']) }),
  {
    category: 'SECURITY',
    sample: { wish: 'PASSWORD_RESET' },
    content: {
      en: {
        EMAIL: ({ wish }) =>
          wish === 'PASSWORD_RESET'
            ? {
                subject: 'There is no account with this address',
                heading: 'There is no account with this address',
                lead: 'Somebody asked for a new Suvidha password for this address, but there is no account with it.',
                notes: ['If it was you, try the address that you registered with.'],
              }
            : {
                subject: 'There is nothing to confirm',
                heading: 'There is nothing to confirm',
                lead: 'Somebody gave this address for a Suvidha account. Either there is an account with it already, or no registration waits.',
                notes: ['If it was you, log in, ask for a new password, or register again.'],
              },
      },
      hi: {
        EMAIL: ({ wish }) =>
          wish === 'PASSWORD_RESET'
            ? {
                subject: 'इस पते से कोई खाता नहीं है',
                heading: 'इस पते से कोई खाता नहीं है',
                lead: 'किसी ने इस पते के लिए नया सुविधा पासवर्ड माँगा, लेकिन इस पते से कोई खाता नहीं है।',
                notes: ['अगर यह आपने माँगा था, तो वह पता आज़माएँ जिससे आपने पंजीकरण किया था।'],
              }
            : {
                subject: 'पुष्टि करने को कुछ नहीं है',
                heading: 'पुष्टि करने को कुछ नहीं है',
                lead: 'किसी ने सुविधा खाते के लिए यह पता दिया। या तो इस पते से खाता पहले से है, या कोई पंजीकरण प्रतीक्षा में नहीं है।',
                notes: ['अगर यह आप थे, तो लॉगिन करें, नया पासवर्ड माँगें, या फिर से पंजीकरण करें।'],
              },
      },
    },
  },
);
