import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { Outlet } from './outlet.ts';

/** A wire that takes one piece each time it is asked to. */
class SlowWire extends Writable {
  readonly taken: string[] = [];
  #done: (() => void) | undefined;

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(bytes.toString('latin1', 0, 2));
    this.#done = done;
  }

  take(): void {
    this.#done?.();
  }
}

function toChunk(name: string, length = 2): Buffer[] {
  return [Buffer.from(name.padEnd(length))];
}

it('lets nobody overtake what waits, so that a busy operation does not keep the others waiting for ever', () => {
  const wire = new SlowWire();
  const outlet = new Outlet<string>(wire);
  const write = (operation: string, chunk: Buffer[]) => {
    outlet.write(operation, chunk, 'event');
    outlet.flush();
  };
  for (const name of ['a1', 'a2']) write('a', toChunk(name, 200_000));
  write('b', toChunk('b1'));
  wire.take();
  for (let n = 3; n < 9; n++) {
    write('a', toChunk(`a${n}`, 60_000));
    if (!wire.taken.includes('b1')) wire.take();
  }
  expect(wire.taken.slice(0, 3)).toEqual(['a1', 'a2', 'b1']);
});
