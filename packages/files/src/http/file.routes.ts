import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '@suvidha/log';
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { FileError } from '../file.error.ts';
import type { UploadService } from '../upload/upload.service.ts';
import { addDownloadRoute, type DownloadRouteParts } from './download.route.ts';
import { addUploadRoute } from './upload.route.ts';

export interface FileRouteParts extends DownloadRouteParts {
  readonly uploads: UploadService;
}

/** How much of a refused body is still read, so that the sender gets to read why. */
const drainBytes = 8 * 1024 * 1024;
const drainMs = 5_000;

/** The HTTP side of files: `PUT /files/uploads/<id>` and `GET /files/<id>`, both by signed addresses. */
export function createFileRoutes(parts: FileRouteParts): FastifyPluginAsync {
  return async (server) => {
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, _body, done) => done(null));
    server.addHook('onRequest', async (_request, reply) => void reply.headers(commonHeaders));
    server.setErrorHandler<FastifyError>((error, request, reply) =>
      answerError(error, request, reply, parts.log),
    );
    addUploadRoute(server, parts.uploads, parts.urls, parts.now);
    addDownloadRoute(server, parts);
  };
}

/** Whoever has an address may use it, so answers are for any site to read but for nobody to keep. */
const commonHeaders = {
  'access-control-allow-origin': '*',
  'cache-control': 'private, no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  const fileError = toFileError(error);
  const status = fileError?.status ?? 500;
  if (status >= 500) log.error({ error: fileError?.cause ?? error }, 'a file could not be taken or given');
  drain(request).catch((cause: unknown) => log.warn({ error: cause }, 'a refused upload could not be ended'));
  const code = fileError?.reason ?? 'INTERNAL_SERVER_ERROR';
  const message = fileError?.message ?? 'Something went wrong.';
  return reply
    .removeHeader('content-length')
    .type('application/json')
    .code(status)
    .send({ error: { code, message } });
}

/** What Fastify refuses itself is an address we did not make. */
function toFileError(error: FastifyError): FileError | null {
  if (error instanceof FileError) return error;
  return (error.statusCode ?? 500) < 500 ? new FileError('FILE_URL_INVALID') : null;
}

/** Reads the rest of a refused body, up to a limit; then hangs up. */
async function drain({ raw }: FastifyRequest): Promise<void> {
  if (raw.complete) return;
  let left = drainBytes;
  raw.on('data', (bytes: Buffer) => {
    left -= bytes.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
  await delay(drainMs, undefined, { ref: false });
  if (!raw.complete) raw.destroy();
}
