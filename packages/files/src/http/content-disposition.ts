import type { ContentType } from '../content/content-type.ts';
import type { Disposition } from '../url-signer.ts';

const endings: Record<ContentType, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
};

/**
 * The header that says how a file is shown and under which name it is saved (RFC 6266): a plain name for old clients, and
 * the true one in UTF-8 (RFC 8187). The ending is that of the content, whatever the name says.
 */
export function toContentDisposition(
  disposition: Disposition,
  file: { readonly fileName: string | null; readonly contentType: ContentType },
): string {
  const name = withEnding(file.fileName ?? 'file', endings[file.contentType]);
  const plain = name
    .normalize('NFKD')
    .replaceAll(/[^\x20-\x7e]/g, '')
    .replaceAll(/["\\%]/g, '_');
  return `${disposition}; filename="${plain}"; filename*=UTF-8''${encode(name)}`;
}

function withEnding(name: string, ending: string): string {
  const isRight = name.toLowerCase().endsWith(`.${ending}`) || (ending === 'jpg' && /\.jpeg$/i.test(name));
  return isRight ? name : `${name}.${ending}`;
}

/** `encodeURIComponent` leaves some characters that are not `attr-char` of RFC 8187 §3.2.1. */
function encode(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
