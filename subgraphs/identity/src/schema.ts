import { type BuiltSubgraph, buildSubgraph } from '@suvidha/subgraph';
import { OtpResolver } from './otp/otp.resolver.ts';
import type { OtpService } from './otp/otp.service.ts';
import type { LoginService } from './session/login.service.ts';
import { SessionResolver } from './session/session.resolver.ts';
import type { SessionService } from './session/session.service.ts';
import { createUserLoader, createUserReference } from './user/user.reference.ts';
import { UserResolver } from './user/user.resolver.ts';
import type { UserService } from './user/user.service.ts';

export interface IdentityServices {
  readonly otp: OtpService;
  readonly login: LoginService;
  readonly sessions: SessionService;
  readonly users: UserService;
}

/** The identity subgraph: its own types over its services. */
export function buildIdentitySchema(services: IdentityServices): Promise<BuiltSubgraph> {
  const loadUser = createUserLoader(services.users);
  return buildSubgraph({
    resolvers: [UserResolver, OtpResolver, SessionResolver],
    references: { User: createUserReference(loadUser) },
    instances: [
      new UserResolver(loadUser),
      new OtpResolver(services.otp),
      new SessionResolver(services.login, services.sessions),
    ],
  });
}
