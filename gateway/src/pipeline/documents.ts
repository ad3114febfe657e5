import type { Generation } from '../supergraph/generation.ts';
import { DocumentStore, type PreparedDocument } from './document.store.ts';

/** The documents that clients send, prepared for each supergraph that they run in. */
export class Documents {
  readonly #stores = new WeakMap<Generation, DocumentStore>();

  prepare(generation: Generation, source: string): PreparedDocument {
    const store = this.#stores.get(generation) ?? new DocumentStore(generation.schema);
    this.#stores.set(generation, store);
    return store.prepare(source);
  }
}
