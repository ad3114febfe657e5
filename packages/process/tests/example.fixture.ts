import { once } from 'node:events';
import { createServer } from 'node:net';
import { runProcess, StartError } from '../src/index.ts';

class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const running = { stop: async () => say('stopped') };

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A process that ends only when it is stopped. */
function stayAlive(): void {
  process.stdin.resume();
}

const starts = {
  runs: async () => {
    stayAlive();
    say('ready');
    return running;
  },
  'stops without end': async () => {
    stayAlive();
    say('ready');
    return {
      stop: () => {
        say('stopping');
        return new Promise<void>(() => undefined);
      },
    };
  },
  'stops badly': async () => {
    stayAlive();
    say('ready');
    return { stop: () => Promise.reject(new StartError('It could not be stopped.')) };
  },
  'starts slowly': async () => {
    stayAlive();
    say('ready');
    await once(process, 'SIGTERM');
    say('started');
    return running;
  },
  'cannot start': () => Promise.reject(new StartError('The folder is in use: stop the other one.')),
  'is configured badly': () => Promise.reject(new ConfigError('Set PORT and start again.')),
  'finds its port taken': async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const second = createServer().listen(first.address() as object);
    await once(second, 'listening');
    return running;
  },
  'has a bug': () => Promise.reject(new TypeError('something is undefined')),
  'throws no error': () => Promise.reject('a secret'),
};

await runProcess(starts[process.argv[2] as keyof typeof starts]);
