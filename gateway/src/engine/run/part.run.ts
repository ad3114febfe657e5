import type { RequestContext } from '../engine.types.ts';
import { Cancellation } from '../fetch/cancellation.ts';
import { Landings } from './landings.ts';
import { createRun, type PreparedRun } from './operation.run.ts';
import { type DeliverPayload, PartDelivery } from './part.delivery.ts';
import type { PartProgram, Run } from './run.types.ts';

/**
 * Runs an operation and delivers its response in parts: first what is not deferred, then each deferred part once its
 * fetches are there. Settles after the last payload, or when the client has left. Fetches that nobody waits for any
 * more, because what they belong to has become null, are cancelled.
 */
export async function runInParts(
  prepared: PreparedRun,
  context: RequestContext,
  deliver: DeliverPayload,
): Promise<void> {
  const end = new Cancellation();
  const leave = { handleEvent: () => end.abort() };
  context.signal?.addEventListener('abort', leave);
  if (context.signal?.aborted) end.abort();
  try {
    const run = { ...createRun(prepared, { ...context, signal: end }), landings: new Landings() };
    await deliverParts(prepared, run, (payload) => {
      if (!end.aborted) deliver(payload);
    });
  } finally {
    context.signal?.removeEventListener('abort', leave);
    end.abort();
  }
}

type RunInParts = Run & { readonly landings: Landings };

async function deliverParts(prepared: PreparedRun, run: RunInParts, deliver: DeliverPayload): Promise<void> {
  const { step, parts } = prepared.compiled;
  const first = Promise.resolve(step?.(run));
  const underway = fetchParts(run, parts, first);
  const delivery = new PartDelivery(prepared, run, deliver);
  await first;
  delivery.begin();
  while (!delivery.isOver) delivery.land(await takeLanded(underway));
}

/** Begins all deferred parts: each waits for what it needs. */
function fetchParts(
  run: RunInParts,
  parts: readonly PartProgram[],
  first: Promise<void>,
): Map<string, Promise<void>> {
  const fetched = new Map<string, Promise<void>>();
  for (const part of parts) {
    const parent = part.parentId === undefined ? first : fetched.get(part.parentId);
    fetched.set(part.id, fetchPart(run, part, parent));
  }
  // A part that fails before anyone waits for it fails the run when its turn comes.
  for (const part of fetched.values()) part.catch(() => undefined);
  return fetched;
}

async function fetchPart(
  run: RunInParts,
  part: PartProgram,
  parent: Promise<void> | undefined,
): Promise<void> {
  await (part.dependsOn.length > 0 ? run.landings.until(part.dependsOn) : parent);
  await part.step?.(run);
}

/** The parts that are there, once there is one: those that came together are told of together. */
async function takeLanded(underway: Map<string, Promise<void>>): Promise<string[]> {
  const landed: string[] = [];
  const noted = [...underway].map(([id, part]) => part.then(() => landed.push(id)));
  await Promise.race(noted);
  for (const id of landed) underway.delete(id);
  return landed;
}
