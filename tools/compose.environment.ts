import { ConfigError, loadConfig, type Variables } from '@suvidha/config';
import type { ComposeFile, ComposeService } from './compose.schema.ts';
import { allVariables, listVariables, sandboxVariables, serviceVariables } from './variables.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}` and `${NAME:?message}`: the forms of interpolation that the file uses. */
const reference = /\$\{(?<name>[A-Z0-9_]+)(?::(?<kind>[-?])(?<text>[^}]*))?\}/g;

/**
 * Answers where a service is given a variable that its process does not read, or lacks one that it needs, and which
 * values its process would refuse in a demo.
 */
export function checkEnvironments(file: ComposeFile, demoEnv: Env): string[] {
  const processes: Readonly<Record<string, Variables>> = { ...serviceVariables, sandbox: sandboxVariables };
  return [
    ...checkInterpolation(file),
    ...Object.entries(processes).flatMap(([name, variables]) => {
      const service = file.services[name];
      return service ? checkService(name, service, { variables, demoEnv }) : [`there is no service ${name}`];
    }),
  ];
}

/** Whoever fills in .env finds there all that the file asks for. */
function checkInterpolation(file: ComposeFile): string[] {
  const known = namesOf(...Object.values(allVariables));
  const wanted = [...JSON.stringify(file).matchAll(reference)].map(({ groups }) => groups?.name ?? '');
  return [...new Set(wanted)]
    .filter((name) => !known.has(name))
    .map((name) => `\${${name}} is not in .env.example`);
}

function checkService(
  name: string,
  { environment = {} }: ComposeService,
  { variables, demoEnv }: { variables: Variables; demoEnv: Env },
): string[] {
  const known = namesOf(variables);
  const unknown = Object.keys(environment).filter((given) => !known.has(given));
  return [
    ...unknown.map((given) => `${name} is given ${given}, which it does not read`),
    ...findRefused(variables, interpolateAll(environment, demoEnv)).map((problem) => `${name}: ${problem}`),
  ];
}

function namesOf(...processes: readonly Variables[]): Set<string> {
  return new Set(processes.flatMap(listVariables).map(({ name }) => name));
}

function findRefused(variables: Variables, env: Env): readonly string[] {
  try {
    loadConfig(variables, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function interpolateAll(environment: NonNullable<ComposeService['environment']>, env: Env): Env {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, interpolate(String(value ?? ''), env)]),
  );
}

function interpolate(value: string, env: Env): string {
  return value.replaceAll(reference, (_match, name: string, kind?: string, text?: string) => {
    return env[name] || (kind === '-' ? (text ?? '') : '');
  });
}
