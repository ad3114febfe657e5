/**
 * Control characters, line and paragraph separators, and the marks that turn the direction of writing: none belongs
 * into a name or a number, and each could forge a header, a line of its own or another reading.
 */
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** Makes every text in a value one line of printable characters, at any depth. */
export function toPlainText<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replace(unprintable, ' ').trim() as Value;
  if (Array.isArray(value)) return value.map(toPlainText) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlainText(item)])) as Value;
}
