/**
 * The text of a member's value as it stands in a JSON object, byte for byte: what is signed there must not be parsed
 * and written anew. Null: the text is no JSON object, or has no such member.
 */
export function sliceMember(json: string, name: string): string | null {
  if (!isJsonObject(json)) return null;
  let at = json.indexOf('{') + 1;
  for (;;) {
    const key = /\s*("(?:[^"\\]|\\.)*")\s*:\s*/y;
    key.lastIndex = at;
    const [, quoted] = key.exec(json) ?? [];
    if (quoted === undefined) return null;
    const end = findValueEnd(json, key.lastIndex);
    if (JSON.parse(quoted) === name) return json.slice(key.lastIndex, end).trimEnd();
    at = end + 1;
  }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** Where the comma or brace stands that ends the value which starts here. The text is known to be JSON. */
function findValueEnd(json: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;
  token.lastIndex = start;
  for (let depth = 0; ; ) {
    const match = token.exec(json);
    if (!match) return json.length;
    const [sign] = match;
    if (depth === 0 && (sign === ',' || sign === '}')) return match.index;
    if (sign === '{' || sign === '[') depth += 1;
    if (sign === '}' || sign === ']') depth -= 1;
  }
}
