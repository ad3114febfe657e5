import { randomBytes } from 'node:crypto';

/** A text registered with the operators; `##name##` stands where values go. */
export interface Msg91Template {
  id: string;
  text: string;
}

/** A number with its country code and without a plus. */
export function isMobile(mobiles: unknown): boolean {
  return /^[1-9]\d{7,14}$/.test(String(mobiles));
}

/** A value that is missing leaves its place empty, as it does on a phone. */
export function fillText({ text }: Msg91Template, values: Record<string, string | number>): string {
  return text.replace(/##(\w+)##/g, (_all, name: string) => String(values[name] ?? ''));
}

/** MSG91 names requests by 24 hexadecimal digits. */
export function createId(): string {
  return randomBytes(12).toString('hex');
}
