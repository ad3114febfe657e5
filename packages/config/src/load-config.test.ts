import { describe, expect, it } from 'vitest';
import { ConfigError, kinds, loadConfig, toEnvExample, type Variables, variable } from './index.ts';

const text = { description: 'For the test.' };
const variables = {
  http: {
    port: variable('PORT', kinds.port.default(4000), { ...text, example: '4000' }),
    origins: variable('ORIGINS', kinds.list.default([]), text),
  },
  secrets: {
    masterKey: variable('MASTER_KEY', kinds.key32, text),
    signingKey: variable('SIGNING_KEY', kinds.privateJwk, text),
  },
  vendor: { url: variable('VENDOR_URL', kinds.url, text) },
  log: { level: variable('LOG_LEVEL', kinds.logLevel, text) },
};
const masterKey = Buffer.alloc(32, 7).toString('base64');
const signingKey = '{"kty":"EC","kid":"one","d":"private"}';
const good = { MASTER_KEY: masterKey, SIGNING_KEY: signingKey, VENDOR_URL: 'https://vendor.example' };

function problemsOf(given: Variables, env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(given, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('reads, converts and nests, with defaults for what is absent', () => {
    expect(loadConfig(variables, { ...good, PORT: '80', ORIGINS: ' a, b ,,' })).toEqual({
      http: { port: 80, origins: ['a', 'b'] },
      secrets: { masterKey, signingKey: JSON.parse(signingKey) },
      vendor: { url: 'https://vendor.example' },
      log: { level: 'info' },
    });
  });

  it('takes an empty variable for an absent one', () => {
    const config = loadConfig(variables, { ...good, PORT: '', LOG_LEVEL: '' });
    expect([config.http.port, config.log.level]).toEqual([4000, 'info']);
    expect(problemsOf(variables, { ...good, MASTER_KEY: '' })).toEqual(['MASTER_KEY is missing']);
  });

  it('cannot be changed afterwards', () => {
    const config = loadConfig(variables, good);
    expect([config, config.http, config.secrets].every(Object.isFrozen)).toBe(true);
  });

  it('names all problems at once, in one sentence', () => {
    const act = () => loadConfig(variables, { PORT: 'http', LOG_LEVEL: 'loud' });
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(
      /^Set these environment variables and start again: PORT .*; MASTER_KEY is missing; SIGNING_KEY is missing; VENDOR_URL is missing; LOG_LEVEL .*$/,
    );
  });

  const canary = 'canary-0123456789';
  it.each([
    ['PORT', canary],
    ['PORT', '70000'],
    ['PORT', '80.5'],
    ['PORT', '-1'],
    ['MASTER_KEY', canary],
    ['MASTER_KEY', Buffer.from(canary).toString('base64')],
    ['SIGNING_KEY', canary],
    ['SIGNING_KEY', `{"kid":"${canary}"}`],
    ['SIGNING_KEY', `{"d":"${canary}"}`],
    ['SIGNING_KEY', `"${canary}"`],
    ['SIGNING_KEY', 'null'],
    ['VENDOR_URL', canary],
    ['LOG_LEVEL', canary],
  ])('names %s and never the value: %j', (name, value) => {
    const problems = problemsOf(variables, { ...good, [name]: value });
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} [A-Z]?[a-z].{5,}`))]);
    expect(problems[0]).not.toContain(value);
  });
});

describe('toEnvExample', () => {
  it('shows each variable once, commented out, secrets without a value', () => {
    const example = toEnvExample({ 'First process': variables, 'Second process': { log: variables.log } });
    const lines = example.split('\n');
    for (const name of ['PORT', 'ORIGINS', 'MASTER_KEY', 'SIGNING_KEY', 'VENDOR_URL', 'LOG_LEVEL'])
      expect(lines.filter((line) => line.startsWith(`# ${name}=`))).toHaveLength(1);
    expect(lines).toContain('# PORT=4000');
    expect(lines).toContain('# MASTER_KEY=');
    expect(example).not.toContain('Second process');
    expect(lines.every((line) => line === '' || line.startsWith('#'))).toBe(true);
  });
});
