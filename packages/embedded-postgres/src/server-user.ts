import { execFile, type SpawnOptions, spawn } from 'node:child_process';
import { chown, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.errors.ts';

/**
 * PostgreSQL refuses to run as root. `direct` runs it as ourselves; `namespace` as ourselves in a user namespace that
 * shows us as an unprivileged user, so that it keeps access to root's files; `switched` as another user.
 */
export type ServerUser =
  | { readonly kind: 'direct' }
  | { readonly kind: 'namespace'; readonly uid: number }
  | { readonly kind: 'switched'; readonly uid: number; readonly gid: number };

/** A line of /etc/passwd. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** Nothing of our own environment reaches the server: `PGDATA` and its like would change what it does. */
const environment = { LC_ALL: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

function toCommand(user: ServerUser, file: string, args: readonly string[]): Command {
  // The server's user may not be able to read our working directory.
  const options = { cwd: '/', env: environment };
  switch (user.kind) {
    case 'direct':
      return { file, args, options };
    case 'namespace':
      return {
        file: 'unshare',
        args: ['--user', `--map-user=${user.uid}`, '--', file, ...args],
        options,
      };
    case 'switched':
      return { file, args, options: { ...options, uid: user.uid, gid: user.gid } };
  }
}

/**
 * Runs a program as the server's user to its end.
 *
 * @throws the error of `execFile`, with the program's `stderr`, when it fails
 */
export async function runAs(user: ServerUser, file: string, args: readonly string[]): Promise<void> {
  const command = toCommand(user, file, args);
  const { cwd, env, uid, gid } = command.options;
  await promisify(execFile)(command.file, command.args, { cwd, env, uid, gid });
}

/** Starts a program as the server's user, outside our process group: a Ctrl-C in our terminal never reaches it. */
export function spawnAs(user: ServerUser, file: string, args: readonly string[], logFile: number) {
  const command = toCommand(user, file, args);
  return spawn(command.file, command.args, {
    ...command.options,
    detached: true,
    stdio: ['ignore', logFile, logFile],
  });
}

/** Whether the user can run the binaries and pass through the folder. */
export async function canUse(user: ServerUser, binaries: string, folder: string): Promise<boolean> {
  const script = '"$1/bin/postgres" --version && test -x "$2"';
  return runAs(user, '/bin/sh', ['-c', script, 'sh', binaries, folder]).then(
    () => true,
    () => false,
  );
}

/** Hands a path that we created to the server's user. */
export async function giveTo(user: ServerUser, file: string): Promise<void> {
  if (user.kind === 'switched') await chown(file, user.uid, user.gid);
}

/**
 * The user that stands in for root. It must have an entry in the user database, because initdb looks it up.
 *
 * @throws EmbeddedPostgresError `POSTGRES_USER_MISSING`
 */
export async function getUnprivilegedUser(): Promise<SystemUser> {
  const users = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => Number.isInteger(uid) && Number.isInteger(gid) && uid !== 0);
  const user = users.find(({ name }) => name === 'nobody') ?? users[0];
  if (user !== undefined) return user;
  throw new EmbeddedPostgresError(
    'POSTGRES_USER_MISSING',
    'PostgreSQL refuses to run as root and this machine has no other user: create one, or start as an ordinary user.',
  );
}
