/** Closed set of reasons why the embedded server can't be used; tests and callers match these, never the sentences. */
export type EmbeddedPostgresErrorCode =
  | 'POSTGRES_BINARIES_MISSING'
  | 'POSTGRES_DIRECTORY_IN_USE'
  | 'POSTGRES_DIRECTORY_NOT_WRITABLE'
  | 'POSTGRES_DIRECTORY_NOT_A_CLUSTER'
  | 'POSTGRES_DIRECTORY_UNREADABLE'
  | 'POSTGRES_VERSION_MISMATCH'
  | 'POSTGRES_USER_MISSING'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_STOP_FAILED';

/** A problem for the operator: the message is one sentence that says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name: string = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Another live process owns the data directory. */
export class DataDirectoryInUseError extends EmbeddedPostgresError {
  override readonly name = 'DataDirectoryInUseError';

  constructor(directory: string) {
    super(
      'POSTGRES_DIRECTORY_IN_USE',
      `The data directory ${directory} is in use by another running instance: stop that instance, or choose another data directory.`,
    );
  }
}
