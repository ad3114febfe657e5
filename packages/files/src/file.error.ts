import { AppError, type ErrorCode } from '@suvidha/errors';

interface Rule {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether the content itself is at fault: the upload is then over, and sending it again would end the same. */
  readonly isFinal?: boolean;
}

const rules = {
  FILE_URL_INVALID: { status: 403, code: 'FORBIDDEN', message: 'This address was not made by us.' },
  FILE_URL_EXPIRED: {
    status: 403,
    code: 'FORBIDDEN',
    message: 'This address has expired: ask for a new one.',
  },
  FILE_NOT_FOUND: { status: 404, code: 'NOT_FOUND', message: 'There is no such file.' },
  UPLOAD_ALREADY_USED: { status: 409, code: 'CONFLICT', message: 'This upload address was used before.' },
  UPLOAD_IN_PROGRESS: { status: 409, code: 'CONFLICT', message: 'This upload is under way.' },
  UPLOAD_INTERRUPTED: {
    status: 400,
    code: 'FAILED_PRECONDITION',
    message: 'The upload did not arrive whole: send it again.',
  },
  UPLOAD_NOT_RECEIVED: {
    status: 409,
    code: 'FAILED_PRECONDITION',
    message: 'Nothing has been uploaded yet.',
  },
  UPLOAD_KEY_REUSED: { status: 409, code: 'CONFLICT', message: 'This key was used for another upload.' },
  FILE_EMPTY: { status: 422, code: 'BAD_USER_INPUT', message: 'The file is empty.', isFinal: true },
  FILE_TOO_LARGE: { status: 413, code: 'BAD_USER_INPUT', message: 'The file is too large.', isFinal: true },
  FILE_TYPE_NOT_ALLOWED: {
    status: 415,
    code: 'BAD_USER_INPUT',
    message: 'Files of this type are not taken here.',
    isFinal: true,
  },
  FILE_TYPE_MISMATCH: {
    status: 415,
    code: 'BAD_USER_INPUT',
    message: 'The content is not of the type that was announced.',
    isFinal: true,
  },
  FILE_MALFORMED: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'The file is damaged or not complete.',
    isFinal: true,
  },
  FILE_AMBIGUOUS: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'The file can be read as more than one type.',
    isFinal: true,
  },
  IMAGE_TOO_MANY_PIXELS: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'The image has too many pixels.',
    isFinal: true,
  },
  FILE_CHECKSUM_MISMATCH: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'The content does not match its checksum.',
    isFinal: true,
  },
  FILE_INFECTED: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'The virus scanner refuses this file.',
    isFinal: true,
  },
  FILE_REFUSED: {
    status: 422,
    code: 'BAD_USER_INPUT',
    message: 'This content is not taken here.',
    isFinal: true,
  },
  FILE_SCANNER_UNAVAILABLE: {
    status: 503,
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'Files cannot be checked now: try again.',
  },
  FILE_STORAGE_UNAVAILABLE: {
    status: 503,
    code: 'UPSTREAM_UNAVAILABLE',
    message: 'Files cannot be stored or read now: try again.',
  },
  FILE_CORRUPT: { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'The stored file cannot be read.' },
} as const satisfies Record<string, Rule>;

/** What clients match, in `error.code` of our HTTP answers and as the `reason` of the error in the graph. */
export type FileErrorCode = keyof typeof rules;

export const fileErrorCodes = Object.keys(rules) as FileErrorCode[];

/** A file cannot be taken or given, for a reason that is safe to show. */
export class FileError extends AppError {
  override readonly reason: FileErrorCode;
  /** Status of the HTTP answer. */
  readonly status: number;
  /** Whether the content itself is at fault, so that this upload is over. */
  readonly isFinal: boolean;

  constructor(reason: FileErrorCode, cause?: unknown) {
    const { status, code, message, isFinal = false }: Rule = rules[reason];
    super(code, message, { reason, cause });
    this.reason = reason;
    this.status = status;
    this.isFinal = isFinal;
  }
}

export function isFileErrorCode(text: string | null): text is FileErrorCode {
  return text !== null && Object.hasOwn(rules, text);
}
