import type { GraphQLFormattedError } from 'graphql';

/** One GraphQL response as JSON, made once for everybody who gets it. */
export interface ResponseBytes {
  readonly json: Buffer;
  /** Whether it says how something is now, so that the next one makes it obsolete for a client that is too slow. */
  readonly isState: boolean;
  /** What a status stream is resumed after, when this was the last that was seen. */
  readonly cursor: string | undefined;
}

/**
 * Where the responses of one operation go: a transport towards one client. `complete` and `fail` go out at once, and
 * nothing follows them.
 */
export interface Receiver {
  next(response: ResponseBytes): void;
  /** Called after one or more `next`: what a transport has gathered goes out now. */
  flush(): void;
  complete(): void;
  /** The operation ends with errors, and only this operation. */
  fail(errors: readonly GraphQLFormattedError[]): void;
}
