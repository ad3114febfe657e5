import type { JsonObject, SubgraphError, SubgraphResponse } from '../engine.types.ts';
import { SubgraphUnavailableError } from '../fetch/subgraph.errors.ts';
import { reportFaults, toUnavailable } from './fault.report.ts';
import { cloneJson, mergeInto } from './merge.ts';
import { isJsonObject } from './own-property.ts';
import { collectObjects } from './response.position.ts';
import { ask, errorsOf, variableMembers } from './root.fetch.ts';
import type { EntityAnswer, EntityAnswers, EntityFetchProgram, Fault, Run } from './run.types.ts';

/**
 * Completes the entities at a path. Each representation goes out once per request, whichever fetches need it: the first
 * to need it asks, the others wait for the answer.
 */
export async function runEntityFetch(run: Run, fetch: EntityFetchProgram): Promise<void> {
  const entities = collectObjects(run.data, fetch.path, run.shared !== undefined);
  if (entities.length === 0) return;
  const members = variableMembers(run.variables, fetch);
  const known = answersOf(run, `${fetch.signature}${members}`);
  const asked: EntityAnswer[] = [];
  const answers = entities.map((entity) => answerFor(fetch, entity, known, asked));
  if (asked.length > 0) load(run, fetch, asked, members);
  for (const answer of answers) if (answer?.pending) await answer.pending;
  deliver(run, fetch, entities, answers);
}

function answersOf(run: Run, key: string): EntityAnswers {
  if (run.isMutation) return new Map();
  run.entityAnswers ??= new Map();
  const known = run.entityAnswers.get(key);
  if (known) return known;
  const answers: EntityAnswers = new Map();
  run.entityAnswers.set(key, answers);
  return answers;
}

/** The answer for an entity, to come or there; undefined when the entity lacks what the subgraph needs to know it. */
function answerFor(
  fetch: EntityFetchProgram,
  entity: JsonObject,
  known: EntityAnswers,
  asked: EntityAnswer[],
): EntityAnswer | undefined {
  const identity = fetch.identify(entity);
  if (identity === undefined) return undefined;
  let answer = known.get(identity);
  if (!answer) {
    const representation = fetch.selectRepresentation(entity) ?? {};
    fetch.rewriteInput?.(representation);
    answer = { representation, pending: undefined, value: undefined, faults: [] };
    known.set(identity, answer);
    asked.push(answer);
  }
  return answer;
}

function load(run: Run, fetch: EntityFetchProgram, asked: readonly EntityAnswer[], members: string): void {
  const head = members ? `${members},` : '';
  const representations = JSON.stringify(asked.map(({ representation }) => representation));
  const variablesJson = `{${head}"representations":${representations}}`;
  const pending = ask(run, fetch, variablesJson).then((response) => fill(fetch, asked, response));
  for (const answer of asked) answer.pending = pending;
}

function fill(fetch: EntityFetchProgram, answers: readonly EntityAnswer[], response: SubgraphResponse): void {
  const values = response.data?._entities;
  const isComplete = Array.isArray(values) && values.length === answers.length;
  answers.forEach((answer, index) => {
    answer.pending = undefined;
    const value: unknown = isComplete ? values[index] : undefined;
    if (!isJsonObject(value)) return;
    answer.value = value;
    if (fetch.isAbstract(value.__typename)) delete value.__typename;
    if (fetch.rewriteOutput) rewriteEntity(fetch, value, answer.representation);
  });
  const errors = errorsOf(response);
  for (const error of errors) assignFault(error, answers, isComplete);
  if (!isComplete && errors.length === 0) {
    assignFault(toUnavailable(new SubgraphUnavailableError('MALFORMED_RESPONSE')), answers, false);
  }
}

/** Rewrites are guarded by type, and a subgraph need not repeat the type of an entity it was told. */
function rewriteEntity(fetch: EntityFetchProgram, value: JsonObject, representation: JsonObject): void {
  const isStated = value.__typename !== undefined;
  if (!isStated) value.__typename = representation.__typename;
  fetch.rewriteOutput?.(value);
  if (!isStated) delete value.__typename;
}

/** Gives an error to the entity it names, or, when it names none, to all of them. */
function assignFault(error: SubgraphError, answers: readonly EntityAnswer[], isComplete: boolean): void {
  const [root, index, ...rest] = Array.isArray(error.path) ? error.path : [];
  const named = root === '_entities' && typeof index === 'number' ? answers[index] : undefined;
  if (named) {
    named.faults.push({ error, path: rest });
  } else {
    for (const answer of answers) answer.faults.push({ error, path: isComplete ? [] : undefined });
  }
}

function deliver(
  run: Run,
  fetch: EntityFetchProgram,
  entities: readonly JsonObject[],
  answers: readonly (EntityAnswer | undefined)[],
): void {
  const delivered = new Map<EntityAnswer, JsonObject>();
  let isFaulty = false;
  for (let index = 0; index < entities.length; index++) {
    const answer = answers[index];
    const entity = entities[index];
    if (!answer || !entity) continue;
    if (answer.faults.length > 0) isFaulty = true;
    if (answer.value) mergeInto(entity, valueFor(run, fetch, answer, answer.value, delivered));
  }
  if (isFaulty) reportEntityFaults(run, fetch, entities, answers);
}

/**
 * The value to merge. Entities at one path take the same parts by reference, for what the plan does to one it does to
 * all. An answer that fetches at several paths may use stays as it came, and each path completes its own copy.
 */
function valueFor(
  run: Run,
  fetch: EntityFetchProgram,
  answer: EntityAnswer,
  value: JsonObject,
  delivered: Map<EntityAnswer, JsonObject>,
): JsonObject {
  const before = delivered.get(answer);
  if (before) {
    run.shared ??= new Set();
    for (const part of Object.values(before))
      if (typeof part === 'object' && part !== null) run.shared.add(part);
    return before;
  }
  const own = fetch.isRepeated ? cloneJson(value) : value;
  delivered.set(answer, own);
  return own;
}

function reportEntityFaults(
  run: Run,
  fetch: EntityFetchProgram,
  entities: readonly JsonObject[],
  answers: readonly (EntityAnswer | undefined)[],
): void {
  const faults = new Map<JsonObject, readonly Fault[]>();
  entities.forEach((entity, index) => {
    const answer = answers[index];
    if (answer) faults.set(entity, answer.faults);
  });
  reportFaults(run, fetch, (object) => faults.get(object));
}
