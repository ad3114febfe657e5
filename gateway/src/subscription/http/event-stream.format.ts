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
  toPart: (json, cursor) => [Buffer.concat([toId(cursor), head, json, tail])],
  toErrors: (errors) => Buffer.from(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`),
  end: Buffer.from('event: complete\ndata:\n\n'),
  heartbeat: Buffer.from(':\n\n'),
  heartbeatMs: 12_000,
};

/** What cannot stand in a line here, and in a header when it comes back, is not sent: the client resumes earlier. */
function toId(cursor = ''): Buffer {
  return Buffer.from(/^[\x21-\x7e]{1,255}$/.test(cursor) ? `id: ${cursor}\n` : '');
}
