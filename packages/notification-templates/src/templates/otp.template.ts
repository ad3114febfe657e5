import { z } from 'zod';
import type { MailContent } from '../mail/mail-content.ts';
import { sms } from '../sms.ts';
import { defineTemplate } from '../template.ts';
import { minutes } from '../variables.ts';

export const otpVariables = z.object({
  code: z.string().regex(/^\d{4,10}$/, 'must be digits'),
  /** How long the code is valid. */
  minutes,
});

export type OtpVariables = z.output<typeof otpVariables>;

const sample: OtpVariables = { code: '482913', minutes: 10 };

const values = ({ code, minutes: valid }: OtpVariables) => ({ code, minutes: String(valid) });

/** What a code is for is said in every message: who asked for something else knows not to type it in. */
interface OtpWords {
  readonly enHeading: string;
  readonly enPurpose: string;
  readonly hiHeading: string;
  readonly hiPurpose: string;
}

function toEnglishMail({ enHeading, enPurpose }: OtpWords) {
  return ({ code, minutes: valid }: OtpVariables): MailContent => ({
    subject: 'Your Suvidha code',
    heading: enHeading,
    lead: `${code} is your Suvidha code to ${enPurpose}.`,
    code,
    notes: [
      `It is valid for ${valid} minutes and can be used once.`,
      'Share it with nobody: nobody from Suvidha will ever ask you for it. If you did not ask for a code, ignore this mail.',
    ],
  });
}

function toHindiMail({ hiHeading, hiPurpose }: OtpWords) {
  return ({ code, minutes: valid }: OtpVariables): MailContent => ({
    subject: 'आपका सुविधा कोड',
    heading: hiHeading,
    lead: `${code} आपका सुविधा कोड है। इससे आप ${hiPurpose}।`,
    code,
    notes: [
      `यह कोड ${valid} मिनट तक मान्य है और केवल एक बार काम करता है।`,
      'इसे किसी को न बताएँ। सुविधा का कोई भी कर्मचारी आपसे यह कोड कभी नहीं पूछेगा। अगर आपने कोड नहीं माँगा था, तो इस मेल को अनदेखा करें।',
    ],
  });
}

export const otpLogin = defineTemplate(otpVariables, {
  category: 'SECURITY',
  sample,
  content: {
    en: {
      SMS: sms(
        '##code## is your Suvidha code to log in. It is valid for ##minutes## minutes. Share it with nobody.',
        values,
      ),
      EMAIL: toEnglishMail(loginWords()),
    },
    hi: {
      SMS: sms('##code## आपका सुविधा लॉगिन कोड है। यह ##minutes## मिनट तक मान्य है। इसे किसी को न बताएँ।', values),
      EMAIL: toHindiMail(loginWords()),
    },
  },
});

export const otpRegistration = defineTemplate(otpVariables, {
  category: 'SECURITY',
  sample,
  content: {
    en: {
      SMS: sms(
        '##code## is your Suvidha code to open an account. It is valid for ##minutes## minutes. Share it with nobody.',
        values,
      ),
      EMAIL: toEnglishMail(registrationWords()),
    },
    hi: {
      SMS: sms(
        '##code## सुविधा पर खाता खोलने का आपका कोड है। यह ##minutes## मिनट तक मान्य है। इसे किसी को न बताएँ।',
        values,
      ),
      EMAIL: toHindiMail(registrationWords()),
    },
  },
});

export const otpPasswordReset = defineTemplate(otpVariables, {
  category: 'SECURITY',
  sample,
  content: {
    en: {
      SMS: sms(
        '##code## is your Suvidha code to choose a new password. It is valid for ##minutes## minutes. Share it with nobody.',
        values,
      ),
      EMAIL: toEnglishMail(passwordWords()),
    },
    hi: {
      SMS: sms(
        '##code## नया सुविधा पासवर्ड चुनने का आपका कोड है। यह ##minutes## मिनट तक मान्य है। इसे किसी को न बताएँ।',
        values,
      ),
      EMAIL: toHindiMail(passwordWords()),
    },
  },
});

export const otpVerification = defineTemplate(otpVariables, {
  category: 'SECURITY',
  sample,
  content: {
    en: {
      SMS: sms(
        '##code## is your Suvidha code to confirm this number. It is valid for ##minutes## minutes. Share it with nobody.',
        values,
      ),
      EMAIL: toEnglishMail(verificationWords()),
    },
    hi: {
      SMS: sms(
        '##code## इस नंबर की पुष्टि के लिए आपका सुविधा कोड है। यह ##minutes## मिनट तक मान्य है। इसे किसी को न बताएँ।',
        values,
      ),
      EMAIL: toHindiMail(verificationWords()),
    },
  },
});

function loginWords(): OtpWords {
  return {
    enHeading: 'Log in to Suvidha',
    enPurpose: 'log in',
    hiHeading: 'सुविधा में लॉगिन करें',
    hiPurpose: 'लॉगिन कर सकते हैं',
  };
}

function registrationWords(): OtpWords {
  return {
    enHeading: 'Welcome to Suvidha',
    enPurpose: 'open an account',
    hiHeading: 'सुविधा में आपका स्वागत है',
    hiPurpose: 'अपना खाता खोल सकते हैं',
  };
}

function passwordWords(): OtpWords {
  return {
    enHeading: 'Choose a new password',
    enPurpose: 'choose a new password',
    hiHeading: 'नया पासवर्ड चुनें',
    hiPurpose: 'नया पासवर्ड चुन सकते हैं',
  };
}

function verificationWords(): OtpWords {
  return {
    enHeading: 'Confirm your address',
    enPurpose: 'confirm this e-mail address',
    hiHeading: 'अपने ई-मेल पते की पुष्टि करें',
    hiPurpose: 'अपने ई-मेल पते की पुष्टि कर सकते हैं',
  };
}
