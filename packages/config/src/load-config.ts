import type { ConfigOf, Variable, Variables } from './variable.ts';

/** The environment is not usable. The message names every variable at fault and the rule, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`Set these environment variables and start again: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * Reads variables from `env` into a frozen, nested object. An empty variable counts as unset.
 * @throws ConfigError that names all problems at once.
 */
export function loadConfig<V extends Variables>(
  variables: V,
  env: Readonly<Record<string, string | undefined>>,
): ConfigOf<V> {
  const problems: string[] = [];
  const groups = Object.entries(variables).map(([group, members]) => [
    group,
    Object.freeze(
      Object.fromEntries(Object.entries(members).map(([key, member]) => [key, read(member, env, problems)])),
    ),
  ]);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(Object.fromEntries(groups)) as ConfigOf<V>;
}

function read(
  { name, schema }: Variable,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): unknown {
  const raw = env[name];
  const result = schema.safeParse(raw === '' ? undefined : raw);
  if (result.success) return result.data;
  const rule = raw ? (result.error.issues[0]?.message ?? 'is not valid') : 'is missing';
  problems.push(`${name} ${rule}`);
  return undefined;
}
