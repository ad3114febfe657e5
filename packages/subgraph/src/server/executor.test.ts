import { AppError } from '@suvidha/errors';
import { createLog } from '@suvidha/log';
import { buildSchema, type GraphQLObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { SubgraphContext } from '../context.ts';
import { createExecutor } from './executor.ts';
import { createErrorFormatter } from './format-error.ts';

const context: SubgraphContext = { actor: { kind: 'anonymous' }, requestId: 'request-1', client: {} };

/** Subscribes to a field whose stream is `source`. */
async function open(source: () => AsyncIterableIterator<{ ticked: number }>) {
  const schema = buildSchema('type Query { ok: Boolean } type Subscription { ticked: Int }');
  const { ticked } = (schema.getType('Subscription') as GraphQLObjectType).getFields();
  ticked!.subscribe = source;
  const executor = createExecutor(
    schema,
    createErrorFormatter(createLog({ service: 'test', level: 'silent' })),
  );
  const events = await executor.subscribe({ query: 'subscription { ticked }' }, context);
  if (!(Symbol.asyncIterator in events)) throw new Error('refused');
  return events;
}

it.each([
  [new Error('password=secret'), { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-1' }],
  [
    new AppError('FAILED_PRECONDITION', 'Too slow.', { reason: 'SUBSCRIBER_LAGGED' }),
    { code: 'FAILED_PRECONDITION', reason: 'SUBSCRIBER_LAGGED' },
  ],
])('says in its last event why a stream broke, with nothing secret: %s', async (error, extensions) => {
  const events = await open(async function* () {
    yield { ticked: 1 };
    throw error;
  });
  expect((await events.next()).value).toEqual({ data: { ticked: 1 } });
  const { value } = await events.next();
  expect(value).toMatchObject({ errors: [{ extensions }] });
  expect(JSON.stringify(value)).not.toContain('secret');
  expect(await events.next()).toEqual({ value: undefined, done: true });
});

it('ends at once when its reader leaves, also while it waits', async () => {
  let hasEnded = false;
  const quiet: AsyncIterableIterator<{ ticked: number }> = {
    next: () => new Promise(() => undefined),
    return: async () => {
      hasEnded = true;
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  const events = await open(() => quiet);
  void events.next();
  await events.return?.();
  expect(hasEnded).toBe(true);
});
