/** The longest name a person may choose, in characters. */
const maxUsernameLength = 50;

/**
 * Whether a person may be known by this name: something to see, on one line, not without end, and nothing that could
 * be taken for an e-mail address or phone number, because people log in by any of the three.
 */
export function isUsername(text: string): boolean {
  return text.trim() !== '' && text.length <= maxUsernameLength && !/\p{Cc}|@|^\+/u.test(text);
}
