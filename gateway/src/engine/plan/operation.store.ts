import type { QueryPlan } from '@apollo/query-planner';
import { type GraphQLSchema, parse, print } from 'graphql';
import { type AccessRules, ANONYMOUS } from '../access/access.rules.ts';
import { filterOperation, findOperationAccess, type OperationAccess } from '../access/operation.filter.ts';
import type { CompilerScope } from '../compile/fetch.compiler.ts';
import { type CompiledOperation, compileOperation } from '../compile/operation.compiler.ts';
import type { Access, EngineRequest } from '../engine.types.ts';
import { type DeferredFragments, findDeferVariables, NOTHING_DEFERRED, settleDeferral } from './deferral.ts';
import { LruCache } from './lru.cache.ts';
import type { Planner } from './planner.ts';
import { type SelectedOperation, selectOperation } from './selected.operation.ts';

/** What names an operation: the document it is in, its name, and who runs it. */
export type OperationRequest = Pick<EngineRequest, 'document' | 'source' | 'operationName' | 'access'>;

export interface OperationStoreOptions {
  readonly planner: Planner;
  readonly apiSchema: GraphQLSchema;
  readonly accessRules: AccessRules;
  readonly compilerScope: Omit<CompilerScope, 'signatureCounts'>;
  /** What all kept operations together may weigh, about. */
  readonly maxBytes: number;
}

/** One operation, however its text was laid out, compiled for each access class that has asked for it. */
interface Entry {
  readonly operation: SelectedOperation;
  readonly access: OperationAccess;
  /** What comes after the rest, when the operation is kept for answers in parts. */
  readonly deferred: DeferredFragments;
  /** See {@link findDeferVariables}. */
  readonly deferVariables: readonly string[] | undefined;
  readonly compiled: LruCache<CompiledOperation>;
  /** Estimated size of all that is kept for the operation. */
  bytes: number;
}

/** Access classes kept compiled per operation; a scope more or less seldom matters to one operation. */
const MAX_CLASSES = 8;
/** Measured: what an operation takes beside its texts, and per character of the operation and its fetches. */
const BASE_BYTES = 4_000;
const BYTES_PER_CHARACTER = 30;
/** Share of the budget for texts that lead to operations already kept. */
const SOURCE_SHARE = 0.2;

/**
 * Plans and compiles operations once. Looked up by source text first; texts that differ only in layout or in unused
 * operations and fragments meet in one entry.
 */
export class OperationStore {
  readonly #options: OperationStoreOptions;
  /** Content keys by operation name and source text. */
  readonly #contentKeys: LruCache<string>;
  readonly #entries: LruCache<Entry>;

  constructor(options: OperationStoreOptions) {
    this.#options = options;
    this.#contentKeys = new LruCache(options.maxBytes * SOURCE_SHARE);
    this.#entries = new LruCache(options.maxBytes * (1 - SOURCE_SHARE));
  }

  /** Throws a `GraphQLError` when the document has no such operation or the planner refuses it. */
  get(request: OperationRequest): CompiledOperation {
    const contentKey = this.#contentKeyOf(request);
    const entry = this.#entryOf(contentKey);
    return this.#compiledOf(contentKey, entry, request.access ?? ANONYMOUS);
  }

  /** The operation itself when it says `@defer` anywhere, and can be answered in parts. Throws as `get` does. */
  findDeferring(request: OperationRequest): SelectedOperation | undefined {
    if (!this.#options.planner.planInParts) return undefined;
    const contentKey = this.#contentKeyOf(request);
    const entry = this.#entryOf(contentKey);
    return entry.deferVariables && entry.operation;
  }

  /** The operation for an answer in parts; undefined when these coerced variables leave nothing to defer. Throws as `get` does. */
  findInParts(
    request: OperationRequest,
    variables: Readonly<Record<string, unknown>>,
  ): CompiledOperation | undefined {
    const contentKey = this.#contentKeyOf(request);
    const whole = this.#entryOf(contentKey);
    const choice = whole.deferVariables?.map((name) => (variables[name] === true ? '1' : '0'));
    if (!choice) return undefined;
    const partsKey = `${contentKey}\n@defer ${choice.join('')}`;
    const entry = this.#entries.find(partsKey) ?? this.#readPartsEntry(whole, variables);
    if (entry.deferred.size === 0) return undefined;
    try {
      return this.#compiledOf(partsKey, entry, request.access ?? ANONYMOUS);
    } catch {
      // Apollo's planner fails an assertion of its own on some combinations of `@defer` and `@requires`. `@defer` allows
      // an answer in one piece, and that plan tells whether there is anything wrong with the operation.
      this.#entries.set(partsKey, { ...entry, deferred: NOTHING_DEFERRED }, entry.bytes);
      return undefined;
    }
  }

  /** The query plan for people. */
  plan(request: OperationRequest): QueryPlan {
    const operation = selectOperation(request.document, request.operationName);
    const { apiSchema, accessRules, planner } = this.#options;
    const operationAccess = findOperationAccess(apiSchema, accessRules, operation);
    const filtered = filterOperation(operation, operationAccess, request.access ?? ANONYMOUS);
    return planner.plan(filtered.operation.document);
  }

  #contentKeyOf(request: OperationRequest): string {
    const sourceKey = `${request.operationName ?? ''}\n${request.source}`;
    return this.#contentKeys.find(sourceKey) ?? this.#readContentKey(request, sourceKey);
  }

  #readContentKey({ document, operationName }: OperationRequest, sourceKey: string): string {
    const contentKey = print(selectOperation(document, operationName).document);
    this.#contentKeys.set(sourceKey, contentKey, 2 * (sourceKey.length + contentKey.length));
    return contentKey;
  }

  #entryOf(contentKey: string): Entry {
    return this.#entries.find(contentKey) ?? this.#readEntry(contentKey);
  }

  /** Reads the content anew, because the document that came with the request holds every token of its text. */
  #readEntry(contentKey: string): Entry {
    const operation = selectOperation(parse(contentKey, { noLocation: true }), undefined);
    const bytes = BASE_BYTES + BYTES_PER_CHARACTER * contentKey.length;
    const entry = this.#createEntry(operation, NOTHING_DEFERRED, bytes);
    this.#entries.set(contentKey, entry, bytes);
    return entry;
  }

  #readPartsEntry(whole: Entry, variables: Readonly<Record<string, unknown>>): Entry {
    const { operation, deferred } = settleDeferral(whole.operation, variables);
    const bytes = BASE_BYTES + BYTES_PER_CHARACTER * print(operation.document).length;
    return this.#createEntry(operation, deferred, bytes);
  }

  #createEntry(operation: SelectedOperation, deferred: DeferredFragments, bytes: number): Entry {
    const { apiSchema, accessRules } = this.#options;
    return {
      operation,
      access: findOperationAccess(apiSchema, accessRules, operation),
      deferred,
      deferVariables: findDeferVariables(operation),
      compiled: new LruCache(MAX_CLASSES),
      bytes,
    };
  }

  #compiledOf(key: string, entry: Entry, access: Access): CompiledOperation {
    const accessClass = entry.access.classOf(access);
    return entry.compiled.find(accessClass) ?? this.#compile(key, entry, access, accessClass);
  }

  #compile(key: string, entry: Entry, access: Access, accessClass: string): CompiledOperation {
    const { planner, apiSchema, compilerScope } = this.#options;
    const { operation, denials } = filterOperation(entry.operation, entry.access, access);
    const toPlan = (entry.deferred.size > 0 && planner.planInParts) || planner.plan;
    const plan = toPlan(operation.document);
    const compiled = compileOperation(plan, { ...entry, denials }, apiSchema, compilerScope);
    entry.compiled.set(accessClass, compiled);
    entry.bytes += BYTES_PER_CHARACTER * compiled.fetchCharacters;
    this.#entries.set(key, entry, entry.bytes);
    return compiled;
  }
}
