export {
  type AccessTokenClaims,
  type AccessTokenVerifier,
  accessTokenAlgorithm,
  accessTokenIssuer,
  createAccessTokenVerifier,
  type VerifiedToken,
} from './access-token.ts';
export {
  type Actor,
  type AnonymousActor,
  anonymous,
  assertUser,
  type ServiceActor,
  type UserActor,
} from './actor.ts';
export { type ClientInfo, unknownClient } from './client-info.ts';
export {
  compareVersions,
  isVersion,
  judgeVersion,
  type ServedVersions,
  type VersionVerdict,
} from './client-version.ts';
export { isKeySourceDown } from './key-source.ts';
export { isOriginAllowed } from './origin.ts';
export { ClientApp, Role, type Scope, scopesOf } from './role.ts';
export { type CallIdentity, identityHeader, signIdentity, verifyIdentity } from './signed-identity.ts';
