import { type GraphQLSchema, print } from 'graphql';
import { type AccessRules, ANONYMOUS } from '../access/access.rules.ts';
import { filterOperation, findOperationAccess, type OperationAccess } from '../access/operation.filter.ts';
import type { CompilerScope } from '../compile/fetch.compiler.ts';
import { type CompiledOperation, compileOperation } from '../compile/operation.compiler.ts';
import type { EngineRequest } from '../engine.types.ts';
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
  readonly maxOperations: number;
}

/** One operation, however its text was laid out, compiled for each access class that has asked for it. */
interface Entry {
  readonly operation: SelectedOperation;
  readonly access: OperationAccess;
  readonly compiled: LruCache<CompiledOperation>;
}

/** Access classes kept compiled per operation; a scope more or less seldom matters to one operation. */
const MAX_CLASSES = 16;

/**
 * Plans and compiles operations once. Looked up by source text first; texts that differ only in layout or in unused
 * operations and fragments meet in one entry.
 */
export class OperationStore {
  readonly #options: OperationStoreOptions;
  readonly #bySource: LruCache<Entry>;
  readonly #byContent: LruCache<Entry>;

  constructor(options: OperationStoreOptions) {
    this.#options = options;
    this.#bySource = new LruCache(options.maxOperations);
    this.#byContent = new LruCache(options.maxOperations);
  }

  /** Throws a `GraphQLError` when the document has no such operation or the planner refuses it. */
  get(request: OperationRequest): CompiledOperation {
    const entry = this.#entryOf(request);
    const access = request.access ?? ANONYMOUS;
    const accessClass = entry.access.classOf(access);
    const known = entry.compiled.find(accessClass);
    if (known) return known;
    const { planner, apiSchema, compilerScope } = this.#options;
    const filtered = filterOperation(entry.operation, entry.access, access);
    const plan = planner.plan(filtered.operation.document);
    const compiled = compileOperation(plan, entry.operation, filtered.denials, apiSchema, compilerScope);
    entry.compiled.set(accessClass, compiled);
    return compiled;
  }

  #entryOf({ document, source, operationName }: OperationRequest): Entry {
    const sourceKey = `${operationName ?? ''}\n${source}`;
    const known = this.#bySource.find(sourceKey);
    if (known) return known;
    const operation = selectOperation(document, operationName);
    const contentKey = print(operation.document);
    const entry = this.#byContent.find(contentKey) ?? this.#createEntry(operation);
    this.#byContent.set(contentKey, entry);
    this.#bySource.set(sourceKey, entry);
    return entry;
  }

  #createEntry(operation: SelectedOperation): Entry {
    const { apiSchema, accessRules } = this.#options;
    return {
      operation,
      access: findOperationAccess(apiSchema, accessRules, operation),
      compiled: new LruCache(MAX_CLASSES),
    };
  }
}
