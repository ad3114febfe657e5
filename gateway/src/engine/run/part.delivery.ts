import type { GraphQLFormattedError } from 'graphql';
import type { JsonObject } from '../engine.types.ts';
import { type CompletionResult, completeResponse, type DeferredObject } from '../shape/completion.ts';
import { isSelected } from '../shape/shape.path.ts';
import type { ObjectShape } from '../shape/shape.types.ts';
import type { PreparedRun } from './operation.run.ts';
import type { Run } from './run.types.ts';

/** Takes one payload of an answer in parts, as JSON text. */
export type DeliverPayload = (json: string) => void;

/** A deferred fragment of one object, delivered. */
interface Increment {
  readonly label?: string;
  readonly path: readonly (string | number)[];
  readonly data: JsonObject | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Something to complete: the response, or a deferred fragment of one object in it. */
interface Place {
  readonly shape: ObjectShape;
  readonly source: JsonObject;
  readonly path: readonly (string | number)[];
}

/**
 * Writes the payloads of one answer in parts: the first with `data`, the others with `incremental`, one item for each
 * deferred fragment of each object, after the object itself
 * (https://github.com/graphql/graphql-spec/tree/48cf7263a71a683fab03d45d309fd42d8d9a6659/spec §7.1).
 */
export class PartDelivery {
  readonly #prepared: PreparedRun;
  readonly #run: Run;
  readonly #deliver: DeliverPayload;
  /** Parts whose fetches are not there yet. */
  readonly #awaited: Set<string>;
  /** Objects that wait for their part, in the order in which they were found. */
  #waiting: DeferredObject[] = [];
  readonly #told = new Set<GraphQLFormattedError>();

  constructor(prepared: PreparedRun, run: Run, deliver: DeliverPayload) {
    this.#prepared = prepared;
    this.#run = run;
    this.#deliver = deliver;
    this.#awaited = new Set(prepared.compiled.parts.map(({ id }) => id));
  }

  /** Whether the last payload is delivered. */
  get isOver(): boolean {
    return this.#waiting.length === 0;
  }

  /** The fetches of the first part are there. */
  begin(): void {
    const { compiled, variables } = this.#prepared;
    const { shape } = compiled.firstPartFor(variables);
    const { data, errors } = this.#complete({ shape, source: this.#run.data, path: [] });
    const hasNext = !this.isOver;
    const all = hasNext ? errors : [...errors, ...this.#untold()];
    this.#deliver(JSON.stringify({ ...(all.length > 0 && { errors: all }), data, hasNext }));
    // Some parts need no fetches of their own, and those of others may have been faster than the first.
    if (hasNext) this.land([]);
  }

  /** The fetches of these parts are there. */
  land(partIds: readonly string[]): void {
    for (const id of partIds) this.#awaited.delete(id);
    const increments: Increment[] = [];
    for (let ready = this.#takeReady(); ready.length > 0; ready = this.#takeReady()) {
      for (const object of ready) increments.push(this.#toIncrement(object));
    }
    const last = increments.pop();
    if (!last) return;
    const hasNext = !this.isOver;
    increments.push(hasNext ? last : withErrors(last, this.#untold()));
    this.#deliver(JSON.stringify({ incremental: increments, hasNext }));
  }

  #takeReady(): DeferredObject[] {
    const isReady = ({ deferred }: DeferredObject) => !this.#awaited.has(deferred.fragment.id);
    const ready = this.#waiting.filter(isReady);
    if (ready.length > 0) this.#waiting = this.#waiting.filter((object) => !isReady(object));
    return ready;
  }

  #toIncrement({ deferred: { fragment, shape }, path, source }: DeferredObject): Increment {
    const { data, errors } = this.#complete({ shape, source, path });
    const { label } = fragment;
    return withErrors({ ...(label !== undefined && { label }), path, data }, errors);
  }

  #complete(place: Place): Pick<CompletionResult, 'data' | 'errors'> {
    const faults = this.#run.errors.filter((error) => this.#belongsTo(place, error));
    for (const fault of faults) this.#told.add(fault);
    const { introspector } = this.#prepared;
    const scope = { reported: [...this.#told], introspector, path: place.path };
    const { data, errors, deferred } = completeResponse(place.shape, place.source, scope);
    this.#waiting.push(...deferred);
    return { data, errors: [...faults, ...errors] };
  }

  /** Each part tells the faults of the fields that it shows. What is shown nowhere is told as soon as it can be. */
  #belongsTo({ shape, source, path }: Place, fault: GraphQLFormattedError): boolean {
    const isNews = !this.#told.has(fault);
    const at = fault.path ?? [];
    const isWithin = path.every((step, index) => at[index] === step);
    const within = at.slice(path.length);
    if (isWithin && within.length > 0 && isSelected(shape, source, within)) return true;
    return isNews && ((isWithin && within.length === 0) || !isSelected(this.#run.shape, this.#run.data, at));
  }

  /** Faults of what has become null before it could be shown. */
  #untold(): readonly GraphQLFormattedError[] {
    return this.#run.errors.filter((error) => !this.#told.has(error));
  }
}

function withErrors(increment: Increment, errors: readonly GraphQLFormattedError[]): Increment {
  const all = [...(increment.errors ?? []), ...errors];
  return all.length > 0 ? { ...increment, errors: all } : increment;
}
