import type { ContentType } from './content/content-type.ts';

export type FileStatus = 'PENDING' | 'STORED' | 'REJECTED' | 'DELETED';

/** A row of `file` as its queries give it. */
export interface FileRow {
  readonly id: string;
  readonly purpose: string;
  readonly subject: string;
  readonly keyId: string;
  readonly status: FileStatus;
  readonly fileName: string | null;
  readonly declaredType: string | null;
  readonly declaredSha256: string | null;
  readonly objectId: string | null;
  readonly contentType: ContentType | null;
  readonly byteLength: number | null;
  readonly sha256: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly rejectedFor: string | null;
  readonly uploadExpiresAt: Date;
  readonly receivedAt: Date | null;
  readonly storedAt: Date | null;
}

/** A file that can be read. */
export interface StoredFile {
  readonly id: string;
  readonly purpose: string;
  readonly subject: string;
  /** Name for whoever downloads it; null when it was given none. */
  readonly fileName: string | null;
  /** Told from the content. */
  readonly contentType: ContentType;
  readonly byteLength: number;
  /** Of the content, in hex. */
  readonly sha256: string;
  /** In pixels; null when it is no image. */
  readonly width: number | null;
  readonly height: number | null;
  readonly storedAt: Date;
}

/** @throws TypeError when the row is of a file that has no content */
export function toStoredFile(row: FileRow): StoredFile {
  const { id, purpose, subject, fileName, contentType, byteLength, sha256, width, height, storedAt } = row;
  if (contentType === null || byteLength === null || sha256 === null || storedAt === null) {
    throw new TypeError('a stored file must have a content');
  }
  return { id, purpose, subject, fileName, contentType, byteLength, sha256, width, height, storedAt };
}
