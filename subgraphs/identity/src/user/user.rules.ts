/** The longest name a person may choose, in characters. */
const maxUsernameLength = 50;

/** Whether a person may be known by this name: something to see, on one line, and not without end. */
export function isUsername(text: string): boolean {
  return text.trim() !== '' && text.length <= maxUsernameLength && !/\p{Cc}/u.test(text);
}
