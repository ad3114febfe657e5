import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { readDirectRequest } from '../engine/index.ts';
import type { Caller, Pipeline } from '../pipeline/pipeline.types.ts';

/** An answer in parts, ready to be sent. */
export interface PartsAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

const headers = {
  'content-type': 'multipart/mixed; boundary="-"; deferSpec=20220824',
  'cache-control': 'no-store',
  // Proxies that gather what is sent would undo what the parts are for.
  'x-accel-buffering': 'no',
};

/** A client takes a part when the next boundary is there, so it follows at once. */
const boundary = '\r\n---';
const partHead = '\r\ncontent-type: application/json; charset=utf-8\r\n\r\n';
const end = '--\r\n';

/**
 * Answers a POST in parts when its client accepts them and its operation defers some: multipart HTTP as Apollo's clients
 * speak it, with the bytes of Apollo Server
 * (https://www.apollographql.com/docs/apollo-server/workflow/requests#incremental-delivery-experimental). Undefined for
 * everything else, which is answered in one piece.
 */
export function findPartsAnswer(
  request: FastifyRequest,
  pipeline: Pipeline,
  createCaller: () => Caller,
): PartsAnswer | undefined {
  if (!acceptsParts(request.headers.accept)) return undefined;
  const contentType = request.headers['content-type'];
  const { method, body } = request;
  const operation = readDirectRequest({ method, contentType, accept: undefined, body });
  if (!operation) return undefined;
  const stream = new Readable({ read: () => undefined });
  stream.push(boundary);
  const running = pipeline.answerInParts(operation, createCaller(), (json) => {
    stream.push(`${partHead}${json}${boundary}`);
  });
  void running?.then(() => {
    stream.push(end);
    stream.push(null);
  });
  return running && { headers, body: stream };
}

function acceptsParts(accept = ''): boolean {
  return /multipart\/mixed[^,]*;\s*deferSpec="?20220824/i.test(accept);
}
