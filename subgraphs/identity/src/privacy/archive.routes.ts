import { isUuid } from '@suvidha/db';
import type { FastifyPluginAsync } from 'fastify';
import type { ArchiveLinks } from './archive-link.ts';
import type { DataExportService } from './data-export.service.ts';

interface ArchiveRequest {
  readonly Params: { readonly exportId: string };
  readonly Querystring: { readonly expires?: string; readonly signature?: string };
}

/** Serves archives to who has a link. A bad link, an old one and one to nothing give the same answer. */
export function createArchiveRoutes(exports: DataExportService, links: ArchiveLinks): FastifyPluginAsync {
  return async (server) => {
    server.get<ArchiveRequest>('/privacy/exports/:exportId', async (request, reply) => {
      const { exportId } = request.params;
      const { expires = '', signature = '' } = request.query;
      const isAllowed = isUuid(exportId) && links.isValid({ exportId, expires, signature });
      const archive = isAllowed ? await exports.findArchive(exportId) : null;
      reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
      if (archive === null) return reply.code(404).send({ error: 'NOT_FOUND' });
      return reply
        .type('application/json; charset=utf-8')
        .header('content-disposition', 'attachment; filename="suvidha-data.json"')
        .send(archive);
    });
  };
}
