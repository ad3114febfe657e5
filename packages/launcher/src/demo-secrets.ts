import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Env } from './config.ts';

/** Secrets of a demo: made once per data folder, readable by its owner only. In production they come from outside. */
export async function loadDemoSecrets(directory: string): Promise<Env> {
  const file = path.join(directory, 'secrets.json');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const known = await read(file);
  if (known) return known;
  await writeOnce(file, createSecrets());
  return (await read(file)) ?? {};
}

async function read(file: string): Promise<Env | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Env);
}

/** Two starts at once agree on one file, and none ever reads half of one: a link is made whole or not at all. */
async function writeOnce(file: string, secrets: Env): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
}

function createSecrets(): Env {
  return {
    MASTER_KEY: randomBytes(32).toString('base64'),
    INTERNAL_SECRET: randomBytes(32).toString('base64'),
    BILLING_SIGNING_KEY: JSON.stringify(createSigningKey('billing')),
  };
}

function createSigningKey(owner: string): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid: `${owner}-${randomBytes(4).toString('hex')}` };
}
