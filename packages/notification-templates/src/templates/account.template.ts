import { z } from 'zod';
import { defineTemplate } from '../template.ts';
import { link, minutes, moment, text } from '../variables.ts';

const linkVariables = z.object({
  /** Carries a secret that serves once. */
  link,
  /** How long the link is valid. */
  minutes,
});

const sampleLink = {
  link: 'https://suvidha.example/confirm?token=9f2c1e7a5b3d4860',
  minutes: 60,
};

const verificationVariables = linkVariables.extend({
  /** The account that gets the address, so that nobody confirms for somebody else: its username or masked number. */
  account: text,
});

export const emailVerification = defineTemplate(verificationVariables, {
  category: 'SECURITY',
  sample: { ...sampleLink, account: 'asha' },
  content: {
    en: {
      EMAIL: (variables) => ({
        subject: 'Confirm your e-mail address',
        heading: 'Confirm your e-mail address',
        lead: `Press the button to confirm that this address is yours, and that it belongs to the Suvidha account ${variables.account}.`,
        button: { label: 'Confirm address', link: variables.link },
        notes: [
          `The link is valid for ${variables.minutes} minutes. If this account is not yours, do not press the button: whoever it belongs to would get your address.`,
        ],
      }),
    },
    hi: {
      EMAIL: (variables) => ({
        subject: 'अपने ई-मेल पते की पुष्टि करें',
        heading: 'अपने ई-मेल पते की पुष्टि करें',
        lead: `यह पता आपका ही है और सुविधा खाते ${variables.account} का है, इसकी पुष्टि के लिए नीचे दिया बटन दबाएँ।`,
        button: { label: 'पते की पुष्टि करें', link: variables.link },
        notes: [
          `यह लिंक ${variables.minutes} मिनट तक मान्य है। अगर यह खाता आपका नहीं है, तो बटन न दबाएँ: आपका पता किसी और के खाते में जुड़ जाएगा।`,
        ],
      }),
    },
  },
});

export const passwordReset = defineTemplate(linkVariables, {
  category: 'SECURITY',
  sample: { ...sampleLink, link: 'https://suvidha.example/password?token=9f2c1e7a5b3d4860', minutes: 15 },
  content: {
    en: {
      EMAIL: (variables) => ({
        subject: 'Choose a new password',
        heading: 'Choose a new password',
        lead: 'Somebody, we hope you, asked for a new password for your Suvidha account.',
        button: { label: 'Choose a password', link: variables.link },
        notes: [
          `The link is valid for ${variables.minutes} minutes and can be used once. If it was not you, ignore this mail: your password stays as it is.`,
        ],
      }),
    },
    hi: {
      EMAIL: (variables) => ({
        subject: 'नया पासवर्ड चुनें',
        heading: 'नया पासवर्ड चुनें',
        lead: 'आपके सुविधा खाते के लिए नया पासवर्ड माँगा गया है।',
        button: { label: 'पासवर्ड चुनें', link: variables.link },
        notes: [
          `यह लिंक ${variables.minutes} मिनट तक मान्य है और केवल एक बार काम करता है। अगर यह अनुरोध आपने नहीं किया था, तो इस मेल को अनदेखा करें। आपका पासवर्ड नहीं बदलेगा।`,
        ],
      }),
    },
  },
});

export const emailChanged = defineTemplate(
  z.object({
    /** The new address as its former owner may see it: `a***@example.com`. */
    maskedNewEmail: text,
    changedAt: moment,
  }),
  {
    category: 'SECURITY',
    sample: { maskedNewEmail: 'a***@example.org', changedAt: '2026-11-21T04:00:00.000Z' },
    content: {
      en: {
        EMAIL: ({ maskedNewEmail, changedAt }, { moment: format }) => ({
          subject: 'Your e-mail address was changed',
          heading: 'Your e-mail address was changed',
          lead: 'Your Suvidha account has a new e-mail address. This is the last mail to the old one.',
          rows: [
            ['New address', maskedNewEmail],
            ['Changed', format(changedAt)],
          ],
          notes: ['If it was not you, write to us at once: somebody else may be using your account.'],
        }),
      },
      hi: {
        EMAIL: ({ maskedNewEmail, changedAt }, { moment: format }) => ({
          subject: 'आपका ई-मेल पता बदल गया है',
          heading: 'आपका ई-मेल पता बदल गया है',
          lead: 'आपके सुविधा खाते का ई-मेल पता बदल दिया गया है। पुराने पते पर यह हमारी आख़िरी मेल है।',
          rows: [
            ['नया पता', maskedNewEmail],
            ['कब बदला', format(changedAt)],
          ],
          notes: [
            'अगर यह बदलाव आपने नहीं किया है, तो हमें तुरंत बताएँ: हो सकता है कि कोई और आपका खाता इस्तेमाल कर रहा हो।',
          ],
        }),
      },
    },
  },
);
