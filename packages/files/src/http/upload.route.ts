import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FileError } from '../file.error.ts';
import type { UploadService } from '../upload/upload.service.ts';
import type { UrlSigner } from '../url-signer.ts';

interface UploadRequest {
  readonly Params: { readonly fileId: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

const preflightSeconds = 600;

/** PUT of a content to a signed address. What the headers say about it is not believed. */
export function addUploadRoute(
  server: FastifyInstance,
  uploads: UploadService,
  urls: UrlSigner,
  now: () => Date,
): void {
  const path = '/files/uploads/:fileId';
  server.put<UploadRequest>(path, async (request) => {
    const { params, query } = request;
    const { fileId } = urls.verify({ action: 'upload', fileId: params.fileId, query }, now());
    const { contentType, byteLength, sha256 } = await uploads.receive(fileId, toContent(request));
    return { fileId, contentType, byteLength, sha256 };
  });
  server.options(path, async (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'PUT')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', preflightSeconds)
      .code(204)
      .send(),
  );
}

/** The body as it comes, never gathered. */
function toContent(request: FastifyRequest<UploadRequest>): AsyncIterable<Buffer> {
  if (request.headers['content-encoding'] !== undefined) throw new FileError('FILE_TYPE_NOT_ALLOWED');
  return request.raw.iterator({ destroyOnReturn: false });
}
