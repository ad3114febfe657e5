import type { IncomingHttpHeaders } from 'node:http';
import { judgeVersion, type ServedVersions } from '@suvidha/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import type { ServedVersionList } from './served-versions.ts';

/** Tells a client below the recommended version which that is. */
export const recommendedVersionHeader = 'x-client-recommended-version';

/** What a request's client should hear about its version. */
export type VersionAdvice =
  | { readonly kind: 'NONE' }
  | { readonly kind: 'RECOMMEND'; readonly version: string }
  | { readonly kind: 'REFUSE'; readonly error: GraphQLFormattedError };

const none: VersionAdvice = Object.freeze({ kind: 'NONE' });

/**
 * Judges a client by the headers `x-client-app`, `x-client-platform` and `x-client-version`. Who does not say all three is
 * not judged: the headers help honest clients, they keep nobody out.
 */
export function adviseClient(versions: ServedVersionList, headers: IncomingHttpHeaders): VersionAdvice {
  const [app, platform, version] = ['app', 'platform', 'version'].map((name) => headers[`x-client-${name}`]);
  if (typeof app !== 'string' || typeof platform !== 'string' || typeof version !== 'string') return none;
  const served = versions.find(app.toUpperCase(), platform.toUpperCase());
  if (!served) return none;
  switch (judgeVersion(version, served)) {
    case 'SUPPORTED':
      return none;
    case 'UPGRADE_RECOMMENDED':
      return { kind: 'RECOMMEND', version: served.recommendedVersion };
    case 'UPGRADE_REQUIRED':
      return { kind: 'REFUSE', error: upgradeRequired(served) };
  }
}

/** Answers a client that is served no more before anything else looks at its request. */
export function createVersionHook(versions: ServedVersionList) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.routeOptions.url !== '/graphql') return;
    const advice = adviseClient(versions, request.headers);
    if (advice.kind === 'RECOMMEND') reply.header(recommendedVersionHeader, advice.version);
    if (advice.kind === 'REFUSE') await reply.code(403).send({ errors: [advice.error] });
  };
}

function upgradeRequired({
  minimumVersion,
  recommendedVersion,
  downloadUrl,
}: ServedVersions): GraphQLFormattedError {
  return {
    message: 'This version of the app is served no more: get a newer one.',
    extensions: { code: 'CLIENT_UPGRADE_REQUIRED', minimumVersion, recommendedVersion, downloadUrl },
  };
}
