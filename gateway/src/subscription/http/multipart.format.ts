import type { StreamFormat } from './http.stream.ts';

const partHead = '\r\ncontent-type: application/json\r\n\r\n';
/** Clients take a part when the next boundary is there, so it follows at once. */
const boundary = '\r\n--graphql';

const head = Buffer.from(`${partHead}{"payload":`);
const tail = Buffer.from(`}${boundary}`);

/**
 * Apollo's subscriptions over HTTP
 * (https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol).
 */
export const multipart: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  start: Buffer.from('--graphql'),
  toPart: (json) => [Buffer.concat([head, json, tail])],
  toErrors: (errors) => Buffer.from(`${partHead}${JSON.stringify({ payload: null, errors })}${boundary}`),
  end: Buffer.from('--\r\n'),
  heartbeat: Buffer.from(`${partHead}{}${boundary}`),
  heartbeatMs: 5_000,
};
