import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { MigrationAdapter } from './migration-adapter.ts';
import { createPool } from './pool.ts';

/** Prisma's schema engine: it compares schemas and applies migrations. */
export type SchemaEngine = bindings.SchemaEngine;

let loading: Promise<void> | undefined;

/**
 * Runs `fn` with a schema engine on one connection of its own to the database. The engine comes as WebAssembly from npm:
 * unlike the native one it is never downloaded.
 */
export async function withSchemaEngine<T>(url: string, fn: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  loading ??= loadEngine();
  await loading;
  // One connection, because the engine takes a session's advisory lock on it and frees it by closing.
  const pool = createPool(url, { applicationName: 'suvidha-migrations', max: 1 });
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(pool));
    const ignoreLogLine = () => undefined;
    using engine = await bindings.SchemaEngine.new({ datamodels: undefined }, ignoreLogLine, adapter);
    return await fn(engine);
  } finally {
    await pool.end();
  }
}

/** The part that we use of a global that Node has and its types lack. */
interface WebAssemblyHost {
  instantiate(
    source: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ readonly instance: { readonly exports: Record<string, unknown> } }>;
}

/** By hand, because neither the oldest Node we run on nor TypeScript loaders import `.wasm` files. */
async function loadEngine(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const { WebAssembly: host } = globalThis as unknown as { WebAssembly: WebAssemblyHost };
  const { instance } = await host.instantiate(wasm, { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start === 'function') start();
}
