import type { GraphQLFormattedError } from 'graphql';
import type { ClientIdentity } from '../../auth/client-identity.ts';
import type { RunningOperation } from '../../pipeline/pipeline.types.ts';
import type { Outlet } from '../outlet.ts';
import type { Receiver, ResponseBytes } from '../stream/receiver.ts';
import { toStreamErrors } from '../stream/stream.errors.ts';
import { toFrame, toNextFrame, toNextHead } from './message.frame.ts';

/** One operation on a socket, known to its client by an id. */
export class SocketOperation implements Receiver {
  readonly #id: string;
  readonly #head: Buffer;
  readonly #outlet: Outlet<SocketOperation | null>;
  readonly #onEnd: () => void;
  #running: RunningOperation | undefined;
  #isOver = false;

  /** @param onEnd called once, when the id is free again. */
  constructor(id: string, outlet: Outlet<SocketOperation | null>, onEnd: () => void) {
    this.#id = id;
    this.#head = toNextHead(id);
    this.#outlet = outlet;
    this.#onEnd = onEnd;
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
    this.#outlet.drop(this);
    this.#finish();
  }

  next({ json, isState }: ResponseBytes): void {
    if (this.#isOver) return;
    const isKept = this.#outlet.write(this, toNextFrame(this.#head, json), isState ? 'state' : 'event');
    if (!isKept) this.fail(toStreamErrors('LAGGED'));
  }

  flush(): void {
    this.#outlet.flush();
  }

  complete(): void {
    this.#end({ id: this.#id, type: 'complete' });
  }

  fail(errors: readonly GraphQLFormattedError[]): void {
    this.#end({ id: this.#id, type: 'error', payload: errors });
  }

  #end(message: object): void {
    if (this.#isOver) return;
    this.#outlet.write(this, toFrame(message), 'end');
    this.#outlet.flush();
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#running?.close();
    this.#onEnd();
  }
}
