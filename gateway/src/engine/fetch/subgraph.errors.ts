/** Why no usable answer came from a subgraph; goes to clients as `extensions.reason`. */
export type UnavailableReason =
  | 'CONNECTION_FAILED'
  | 'TIMED_OUT'
  | 'BAD_STATUS'
  | 'RESPONSE_TOO_LARGE'
  | 'MALFORMED_RESPONSE'
  | 'CANCELLED';

/** No GraphQL answer came from a subgraph. The message names no host and carries nothing the subgraph sent. */
export class SubgraphUnavailableError extends Error {
  override readonly name = 'SubgraphUnavailableError';
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, options?: ErrorOptions) {
    super(`The subgraph gave no usable answer (${reason})`, options);
    this.reason = reason;
  }
}
