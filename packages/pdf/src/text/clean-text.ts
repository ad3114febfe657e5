/**
 * Control characters, and the format characters that turn the order of a text around (Unicode §23.2, UAX #9): they
 * have no shape, and could make a document read differently from what it says. The joiners that Devanagari needs
 * (U+200C, U+200D) stay.
 */
const invisible = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/gu;

/** A text as it is shown: composed (NFC), without what cannot be seen, on one line. */
export function cleanText(text: string): string {
  return text.normalize('NFC').replaceAll(/\s+/gu, ' ').replaceAll(invisible, '').trim();
}
