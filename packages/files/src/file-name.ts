const maxLength = 150;

/**
 * Path separators, what Windows forbids, and characters without a shape: controls, marks that turn text around. The
 * joiners of Indian scripts stay.
 */
const unsafe = /[\\/:*?"<>|\p{Cc}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * A name from outside as one that is safe to save under: no folders, nothing invisible, not hidden, not too long. Null when
 * nothing of it is left.
 */
export function toSafeFileName(name: string): string | null {
  const last = name.normalize('NFC').split(/[\\/]/u).at(-1) ?? '';
  const clean = last
    .replaceAll(unsafe, '_')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^[\s.]+/u, '')
    .trim();
  return clean === '' ? null : shorten(clean);
}

/** Keeps the ending, by which programs are chosen. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= maxLength) return name;
  const ending = /\.[a-z0-9]{1,8}$/i.exec(name)?.[0] ?? '';
  return characters.slice(0, maxLength - ending.length).join('') + ending;
}
