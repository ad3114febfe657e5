export {
  type AccessTokenClaims,
  type AccessTokenVerifier,
  accessTokenAlgorithm,
  accessTokenIssuer,
  createAccessTokenVerifier,
} from './access-token.ts';
export {
  type Actor,
  type AnonymousActor,
  anonymous,
  assertUser,
  type ServiceActor,
  type UserActor,
} from './actor.ts';
export { isKeySourceDown } from './key-source.ts';
export { ClientApp, Role, type Scope, scopesOf } from './role.ts';
export { type CallIdentity, identityHeader, signIdentity, verifyIdentity } from './signed-identity.ts';
