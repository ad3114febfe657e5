import { Readable } from 'node:stream';
import type { Log } from '@suvidha/log';
import type { FastifyInstance } from 'fastify';
import type { DownloadService } from '../download/download.service.ts';
import type { StoredFile } from '../file.record.ts';
import type { FilePurposes } from '../purpose.ts';
import type { Disposition, UrlSigner } from '../url-signer.ts';
import { toContentDisposition } from './content-disposition.ts';

interface DownloadRequest {
  readonly Params: { readonly fileId: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

export interface DownloadRouteParts {
  readonly downloads: DownloadService;
  readonly urls: UrlSigner;
  readonly purposes: FilePurposes;
  readonly log: Log;
  readonly now: () => Date;
}

/** GET of a file by a signed address. */
export function addDownloadRoute(server: FastifyInstance, parts: DownloadRouteParts): void {
  const { downloads, urls, log, now } = parts;
  server.get<DownloadRequest>('/files/:fileId', { exposeHeadRoute: false }, async (request, reply) => {
    const { params, query } = request;
    const { fileId, disposition } = urls.verify({ action: 'download', fileId: params.fileId, query }, now());
    const { file, content } = await downloads.open(fileId);
    const stream = Readable.from(content, { objectMode: false });
    // By then the answer has begun: all that is left is to end it before its announced length.
    stream.once('error', (error) => log.error({ error, fileId }, 'a file could not be read to its end'));
    return reply.headers(toHeaders(file, disposition ?? 'attachment', parts.purposes)).send(stream);
  });
}

/** The content is a stranger's: it may be looked at, and nothing else. */
function toHeaders(
  file: StoredFile,
  disposition: Disposition,
  purposes: FilePurposes,
): Record<string, string> {
  const isEmbeddable = purposes[file.purpose]?.isEmbeddable ?? false;
  return {
    'content-type': file.contentType,
    'content-length': String(file.byteLength),
    'content-disposition': toContentDisposition(disposition, file),
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cross-origin-resource-policy': isEmbeddable ? 'cross-origin' : 'same-site',
    'accept-ranges': 'none',
  };
}
