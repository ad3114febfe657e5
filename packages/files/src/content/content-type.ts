/** Types that can be told from their content. Others are not taken. */
export const contentTypes = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const;

export type ContentType = (typeof contentTypes)[number];

/** The longest beginning that a type is told by. */
export const signatureBytes = 12;

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const jpegSignature = Buffer.from([0xff, 0xd8, 0xff]);

/** The type that the first bytes of a content tell; null when it is none of ours. */
export function findContentType(start: Buffer): ContentType | null {
  if (start.subarray(0, 8).equals(pngSignature)) return 'image/png';
  if (start.subarray(0, 3).equals(jpegSignature)) return 'image/jpeg';
  if (isWebp(start)) return 'image/webp';
  return start.toString('latin1', 0, 5) === '%PDF-' ? 'application/pdf' : null;
}

function isWebp(start: Buffer): boolean {
  return start.toString('latin1', 0, 4) === 'RIFF' && start.toString('latin1', 8, 12) === 'WEBP';
}
