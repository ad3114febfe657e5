/** The longest name a person may choose, in characters. */
const maxUsernameLength = 50;

/**
 * The one spelling of a name (Unicode NFKC, no space around it), so that nobody has the name of another in other bytes. Null when a
 * person may not be known by it: it must be something to see, on one line, not without end, without signs that nobody sees,
 * and nothing that could be taken for an e-mail address or phone number, because people log in by any of the three.
 */
export function parseUsername(text: string): string | null {
  if (text.length > 4 * maxUsernameLength) return null;
  const name = text.normalize('NFKC').trim();
  const isFit = name !== '' && [...name].length <= maxUsernameLength;
  return isFit && !/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}@]|^\+/u.test(name) ? name : null;
}
