import type { ClientIdentity } from '../auth/client-identity.ts';
import type { CancelSignal } from '../engine/index.ts';
import type { Receiver } from '../subscription/stream/receiver.ts';

/** An operation as it comes over any transport. */
export interface OperationParams {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables: Record<string, unknown>;
  /**
   * The cursor after which a status stream begins, whatever the operation says. Absent: where it says; other operations
   * ignore it.
   */
  readonly after?: string | undefined;
}

/** Who sends an operation. */
export interface Caller {
  readonly identity: ClientIdentity;
  readonly requestId: string;
  /** Aborts when the client leaves. */
  readonly signal?: CancelSignal;
  /** Whether the request must not change anything, as with GET. Default: it may. */
  readonly isReadOnly?: boolean;
}

/** An operation that was begun for a receiver. */
export interface RunningOperation {
  /** The client has left, or does not want it any more: the receiver is told nothing further. */
  close(): void;
  /** The client goes on under a newer token of the same person. */
  identify(identity: ClientIdentity): void;
}

/** What every transport but Apollo Server's HTTP does with an operation: parse, validate, run, mask. */
export interface Pipeline {
  /**
   * Runs a query or mutation, or opens a subscription. The receiver gets its responses, or errors when the operation
   * cannot begin; some may come before this returns.
   */
  open(params: OperationParams, caller: Caller, receiver: Receiver): RunningOperation;
  /** Whether the operation is a subscription, which only a stream can answer. */
  isSubscription(params: OperationParams): boolean;
  /**
   * Runs a query or mutation and gives the response as JSON text, made in one pass. Undefined when the operation did
   * not begin: then another way has to say why.
   */
  answer(params: OperationParams, caller: Caller): Promise<string | undefined>;
  /**
   * Runs a query or mutation and delivers its response in parts, as `@defer` in it asks: each payload as JSON text.
   * Settles after the last one. Undefined when nothing is deferred or the operation cannot begin: then it is for `answer`.
   */
  answerInParts(
    params: OperationParams,
    caller: Caller,
    deliver: (json: string) => void,
  ): Promise<void> | undefined;
  /** Nothing moves any more. */
  close(): void;
}
