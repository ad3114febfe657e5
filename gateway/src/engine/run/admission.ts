import { ConcurrencyLimit } from './concurrency.limit.ts';
import { createIdleMeter, type ReadIdleShare } from './idle.meter.ts';

const LOOK_INTERVAL_MS = 5;
const COMPACT_AFTER = 1_024;

/**
 * Decides when an operation begins. While the processor has time to spare every operation begins at once; when it has
 * not, those that have begun are finished before others begin, in order of arrival. Nobody waits longer for that, since
 * the processor is never kept idle, and few operations are half done at a time, so that little memory is in use.
 */
export class Admission {
  readonly #limit = new ConcurrencyLimit();
  readonly #readIdleShare: ReadIdleShare;
  /** Those who wait, from `#first` on. */
  #waiting: ((() => void) | undefined)[] = [];
  #first = 0;
  #active = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readIdleShare: ReadIdleShare = createIdleMeter()) {
    this.#readIdleShare = readIdleShare;
  }

  /** Runs the work when its turn has come. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#active < this.#limit.value) this.#active += 1;
    else await this.#turn();
    try {
      return await work();
    } finally {
      this.#active -= 1;
      this.#admit();
    }
  }

  #turn(): Promise<void> {
    this.#timer ??= this.#beginToLook();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #admit(): void {
    while (this.#active < this.#limit.value) {
      const begin = this.#takeFirst();
      if (!begin) return;
      this.#active += 1;
      begin();
    }
  }

  #takeFirst(): (() => void) | undefined {
    const first = this.#waiting[this.#first];
    if (first) {
      this.#waiting[this.#first] = undefined;
      this.#first += 1;
    }
    if (!first || this.#first === COMPACT_AFTER) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return first;
  }

  #beginToLook(): NodeJS.Timeout {
    this.#readIdleShare();
    return setInterval(() => this.#look(), LOOK_INTERVAL_MS).unref();
  }

  #look(): void {
    this.#limit.adapt(this.#readIdleShare());
    this.#admit();
    if (this.#waiting.length > this.#first) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
