import { ConfigError, type ConfigOf, loadConfig, type Variables } from '@suvidha/config';
import type { Env } from './config.ts';

/**
 * Loads the configuration of several parts from one environment.
 * @throws ConfigError that names the problems of all of them, each once.
 */
export function loadAll<Parts extends Readonly<Record<string, Variables>>>(
  env: Env,
  parts: Parts,
): { [Name in keyof Parts]: ConfigOf<Parts[Name]> } {
  const problems = new Set<string>();
  const configs = Object.entries(parts).map(([name, variables]) => {
    try {
      return [name, loadConfig(variables, env)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) problems.add(problem);
      return [name, undefined];
    }
  });
  if (problems.size > 0) throw new ConfigError([...problems]);
  return Object.fromEntries(configs);
}
