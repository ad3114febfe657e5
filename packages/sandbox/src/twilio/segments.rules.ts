/** The GSM 03.38 alphabet; the second line costs two septets a character. */
const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const GSM_EXTENDED = '^{}\\[~]|€\f';

/** How many SMS a text takes: 160 GSM septets or 70 UCS-2 units in one, 153 or 67 in each of several. */
export function countSegments(text: string): number {
  const septets = countSeptets(text);
  return septets === null ? split(text.length, 70, 67) : split(septets, 160, 153);
}

/** Null when a character is outside the alphabet, so that the text goes as UCS-2. */
function countSeptets(text: string): number | null {
  let septets = 0;
  for (const character of text) {
    if (GSM_BASIC.includes(character)) septets += 1;
    else if (GSM_EXTENDED.includes(character)) septets += 2;
    else return null;
  }
  return septets;
}

function split(length: number, single: number, part: number): number {
  return length <= single ? 1 : Math.ceil(length / part);
}
