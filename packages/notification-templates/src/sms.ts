import type { Formats } from './formats.ts';

/** The names between the `##` of a pattern. */
type PlaceholderOf<Pattern extends string> = Pattern extends `${string}##${infer Name}##${infer Rest}`
  ? Name | PlaceholderOf<Rest>
  : never;

export interface SmsComposer<Variables> {
  /** The text with `##name##` where values go: what is registered with operators (TRAI's DLT) and at MSG91. */
  readonly pattern: string;
  readonly values: (variables: Variables, formats: Formats) => Readonly<Record<string, string>>;
}

/** TRAI's limit for what stands in one variable of a registered text. */
const maxValueLength = 30;

/** An SMS. The compiler asks for exactly the values that the pattern names. */
export function sms<Variables, const Pattern extends string>(
  pattern: Pattern,
  values: (variables: Variables, formats: Formats) => Readonly<Record<PlaceholderOf<Pattern>, string>>,
): SmsComposer<Variables> {
  return { pattern, values };
}

/** Puts the values into the pattern. */
export function fillPattern(pattern: string, values: Readonly<Record<string, string>>): string {
  return pattern.replace(/##(\w+)##/g, (_all, name: string) => values[name] ?? '');
}

/** Cuts free text to what one variable may hold, at a whole character; links and codes are never cut. */
export function shorten(text: string): string {
  const characters = [...new Intl.Segmenter('hi').segment(text)].map(({ segment }) => segment);
  if (text.length <= maxValueLength) return text;
  let kept = '';
  for (const character of characters) {
    if (kept.length + character.length > maxValueLength - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
