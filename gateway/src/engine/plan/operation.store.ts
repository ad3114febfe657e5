import type { QueryPlan } from '@apollo/query-planner';
import { type GraphQLSchema, parse, print } from 'graphql';
import { type AccessRules, ANONYMOUS } from '../access/access.rules.ts';
import { filterOperation, findOperationAccess, type OperationAccess } from '../access/operation.filter.ts';
import type { CompilerScope } from '../compile/fetch.compiler.ts';
import { type CompiledOperation, compileOperation } from '../compile/operation.compiler.ts';
import type { Access, EngineRequest } from '../engine.types.ts';
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
    const sourceKey = `${request.operationName ?? ''}\n${request.source}`;
    const contentKey = this.#contentKeys.find(sourceKey) ?? this.#readContentKey(request, sourceKey);
    const entry = this.#entries.find(contentKey) ?? this.#createEntry(contentKey);
    const access = request.access ?? ANONYMOUS;
    const accessClass = entry.access.classOf(access);
    return entry.compiled.find(accessClass) ?? this.#compile(contentKey, entry, access, accessClass);
  }

  /** The query plan for people. */
  plan(request: OperationRequest): QueryPlan {
    const operation = selectOperation(request.document, request.operationName);
    const { apiSchema, accessRules, planner } = this.#options;
    const operationAccess = findOperationAccess(apiSchema, accessRules, operation);
    const filtered = filterOperation(operation, operationAccess, request.access ?? ANONYMOUS);
    return planner.plan(filtered.operation.document);
  }

  #readContentKey({ document, operationName }: OperationRequest, sourceKey: string): string {
    const contentKey = print(selectOperation(document, operationName).document);
    this.#contentKeys.set(sourceKey, contentKey, 2 * (sourceKey.length + contentKey.length));
    return contentKey;
  }

  /** Reads the content anew, because the document that came with the request holds every token of its text. */
  #createEntry(contentKey: string): Entry {
    const { apiSchema, accessRules } = this.#options;
    const operation = selectOperation(parse(contentKey, { noLocation: true }), undefined);
    const access = findOperationAccess(apiSchema, accessRules, operation);
    const bytes = BASE_BYTES + BYTES_PER_CHARACTER * contentKey.length;
    return { operation, access, compiled: new LruCache(MAX_CLASSES), bytes };
  }

  #compile(contentKey: string, entry: Entry, access: Access, accessClass: string): CompiledOperation {
    const { planner, apiSchema, compilerScope } = this.#options;
    const filtered = filterOperation(entry.operation, entry.access, access);
    const plan = planner.plan(filtered.operation.document);
    const compiled = compileOperation(plan, entry.operation, filtered.denials, apiSchema, compilerScope);
    entry.compiled.set(accessClass, compiled);
    entry.bytes += BYTES_PER_CHARACTER * compiled.fetchCharacters;
    this.#entries.set(contentKey, entry, entry.bytes);
    return compiled;
  }
}
