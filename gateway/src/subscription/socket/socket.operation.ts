import type { GraphQLFormattedError } from 'graphql';
import type { ClientIdentity } from '../../auth/client-identity.ts';
import type { RunningOperation } from '../../pipeline/pipeline.types.ts';
import type { Outlet } from '../outlet.ts';
import type { Receiver, ResponseBytes } from '../stream/receiver.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';
import { toFrame, toNextFrame, toNextHead } from './message.frame.ts';

/** The connection that an operation came over. */
export interface OperationOwner {
  readonly outlet: Outlet<SocketOperation | null>;
  /** Called once: the id is free again. */
  release(operation: SocketOperation): void;
}

/** One operation on a socket, known to its client by an id. */
export class SocketOperation implements Receiver {
  readonly id: string;
  /** Of the message that it came in, in characters. */
  readonly textLength: number;
  readonly #head: Buffer;
  readonly #owner: OperationOwner;
  #running: RunningOperation | undefined;
  #isOver = false;

  constructor(id: string, textLength: number, owner: OperationOwner) {
    this.id = id;
    this.textLength = textLength;
    this.#head = toNextHead(id);
    this.#owner = owner;
  }

  /** Begins; the operation may be over before `begin` returns. */
  start(begin: (receiver: Receiver) => RunningOperation): void {
    const running = begin(this);
    if (this.#isOver) running.close();
    else this.#running = running;
  }

  identify(identity: ClientIdentity): void {
    this.#running?.identify(identity);
  }

  /** The client does not want it any more, or is gone. */
  close(): void {
    this.#owner.outlet.drop(this);
    this.#finish();
  }

  next({ json, isState }: ResponseBytes): void {
    if (this.#isOver) return;
    const isKept = this.#owner.outlet.write(this, toNextFrame(this.#head, json), isState ? 'state' : 'event');
    if (!isKept) this.fail(toStreamErrors('LAGGED'));
  }

  flush(): void {
    this.#owner.outlet.flush();
  }

  complete(): void {
    this.#end({ id: this.id, type: 'complete' });
  }

  fail(errors: readonly GraphQLFormattedError[]): void {
    this.#end({ id: this.id, type: 'error', payload: errors });
  }

  #end(message: object): void {
    if (this.#isOver) return;
    this.#owner.outlet.write(this, toFrame(message), 'end');
    this.#owner.outlet.flush();
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#running?.close();
    this.#owner.release(this);
  }
}
