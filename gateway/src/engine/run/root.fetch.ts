import type { SubgraphError, SubgraphResponse } from '../engine.types.ts';
import { reportFaults, toUnavailable } from './fault.report.ts';
import { mergeInto } from './merge.ts';
import { isJsonObject } from './own-property.ts';
import { collectObjects } from './response.position.ts';
import type { Fault, FetchProgram, Run } from './run.types.ts';

/** Runs a fetch of root fields: at the root of the response, or at a field of it that leads back to the root type. */
export async function runRootFetch(run: Run, fetch: FetchProgram): Promise<void> {
  if (fetch.path.length > 0 && collectObjects(run.data, fetch.path, true).length === 0) return;
  const variablesJson = `{${variableMembers(run.variables, fetch)}}`;
  const response = await ask(run, fetch, variablesJson);
  deliverRootAnswer(run, fetch, response);
}

/** Merges the answer to a root fetch; also how an event of a subscription enters the response. */
export function deliverRootAnswer(run: Run, fetch: FetchProgram, response: SubgraphResponse): void {
  const data = isJsonObject(response.data) ? response.data : undefined;
  if (data) {
    fetch.rewriteOutput?.(data);
    const targets = fetch.path.length === 0 ? [run.data] : collectObjects(run.data, fetch.path, true);
    for (const target of targets) mergeInto(target, data);
  }
  const faults = errorsOf(response).map((error) => toRootFault(error, data !== undefined));
  if (faults.length > 0) reportFaults(run, fetch, () => faults);
}

/** Asks a subgraph. A failure to answer becomes an answer with an error, so that a dead subgraph costs its own fields only. */
export async function ask(run: Run, fetch: FetchProgram, variablesJson: string): Promise<SubgraphResponse> {
  try {
    return await fetch.client.execute(fetch.operation.withVariables(variablesJson), run.context);
  } catch (cause) {
    return { data: null, errors: [toUnavailable(cause)] };
  }
}

/** The variables that a fetch uses, as members of a JSON object. */
export function variableMembers(variables: Run['variables'], { variableNames }: FetchProgram): string {
  const members: string[] = [];
  for (const name of variableNames) {
    const value = variables[name];
    if (value !== undefined) members.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
  return members.join(',');
}

/** The errors of an answer, whatever the subgraph put in their place. */
export function errorsOf({ errors }: SubgraphResponse): readonly SubgraphError[] {
  return Array.isArray(errors) ? errors.filter(isJsonObject) : [];
}

/** With data but no path, an error belongs to the fetch as a whole and to no field. */
function toRootFault(error: SubgraphError, hasData: boolean): Fault {
  const path = Array.isArray(error.path) ? error.path : undefined;
  return { error, path: path ?? (hasData ? [] : undefined) };
}
