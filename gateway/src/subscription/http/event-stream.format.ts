import type { StreamFormat } from './http.stream.ts';

const head = Buffer.from('event: next\ndata: ');
const tail = Buffer.from('\n\n');

/**
 * Server-sent events in the distinct connections mode of GraphQL over SSE
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
export const eventStream: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  start: Buffer.alloc(0),
  toPart: (json) => [Buffer.concat([head, json, tail])],
  toErrors: (errors) => Buffer.from(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`),
  end: Buffer.from('event: complete\ndata:\n\n'),
  heartbeat: Buffer.from(':\n\n'),
  heartbeatMs: 12_000,
};
