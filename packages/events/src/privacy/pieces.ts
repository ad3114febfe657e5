/** How long a piece may be, in characters: an event must fit into one request to whoever consumes it. */
const pieceLength = 128 * 1024;

/** Cuts the JSON text of a value into pieces; put one after the other they are the text again. There is at least one. */
export function toPieces(value: unknown): string[] {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'bigint' ? String(item) : item,
  );
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = toWholeCharacter(text, start + pieceLength);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** PostgreSQL takes no text with half of a surrogate pair (Unicode §3.9, D75). */
function toWholeCharacter(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}
