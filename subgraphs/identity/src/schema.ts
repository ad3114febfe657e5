import { type BuiltSubgraph, buildSubgraph } from '@suvidha/subgraph';
import { AuditResolver } from './audit/audit.resolver.ts';
import type { AuditService } from './audit/audit.service.ts';
import { AdminDashboardResolver, resolveAdminDashboard } from './dashboard/admin-dashboard.resolver.ts';
import type { AdminDashboardService } from './dashboard/admin-dashboard.service.ts';
import { KeyResolver } from './keys/key.resolver.ts';
import type { KeyRotation } from './keys/key-rotation.ts';
import { DeliveryResolver } from './notification/delivery.resolver.ts';
import { DeviceResolver } from './notification/device.resolver.ts';
import type { NotificationServices } from './notification/notifications.ts';
import { PreferenceResolver } from './notification/preference.resolver.ts';
import { OtpResolver } from './otp/otp.resolver.ts';
import type { OtpService } from './otp/otp.service.ts';
import { PasswordResolver } from './password/password.resolver.ts';
import type { PasswordService } from './password/password.service.ts';
import type { PasswordChangeService } from './password/password-change.service.ts';
import { PrivacyResolver, type PrivacyServices } from './privacy/privacy.resolver.ts';
import { ReleaseResolver } from './release/release.resolver.ts';
import type { ReleaseService } from './release/release.service.ts';
import { LoginResolver } from './session/login.resolver.ts';
import type { LoginService } from './session/login.service.ts';
import { SessionResolver } from './session/session.resolver.ts';
import type { SessionService } from './session/session.service.ts';
import type { StepUpService } from './session/step-up.service.ts';
import type { TokenInspectionService } from './session/token-inspection.service.ts';
import { SocialResolver, type SocialServices } from './social/social.resolver.ts';
import type { ProfileService } from './user/profile.service.ts';
import { createUserLoader, createUserReference } from './user/user.reference.ts';
import { UserResolver } from './user/user.resolver.ts';
import type { UserService } from './user/user.service.ts';
import { UserAdminResolver } from './user/user-admin.resolver.ts';
import type { UserAdminService } from './user/user-admin.service.ts';

export interface IdentityServices extends NotificationServices, PrivacyServices {
  readonly otp: OtpService;
  readonly login: LoginService;
  readonly sessions: SessionService;
  readonly stepUp: StepUpService;
  readonly inspection: TokenInspectionService;
  readonly passwords: PasswordService;
  readonly passwordChanges: PasswordChangeService;
  readonly users: UserService;
  readonly profiles: ProfileService;
  readonly userAdmin: UserAdminService;
  readonly audit: AuditService;
  readonly dashboard: AdminDashboardService;
  readonly keyRotation: KeyRotation;
  readonly releases: ReleaseService;
  readonly social: SocialServices;
}

/** The identity subgraph: its own types over its services. */
export function buildIdentitySchema(services: IdentityServices): Promise<BuiltSubgraph> {
  const loadUser = createUserLoader(services.users);
  return buildSubgraph({
    resolvers: [
      UserResolver,
      OtpResolver,
      LoginResolver,
      SessionResolver,
      PasswordResolver,
      UserAdminResolver,
      AuditResolver,
      AdminDashboardResolver,
      KeyResolver,
      ReleaseResolver,
      PrivacyResolver,
      SocialResolver,
      DeliveryResolver,
      DeviceResolver,
      PreferenceResolver,
    ],
    references: { User: createUserReference(loadUser), AdminDashboard: resolveAdminDashboard },
    instances: [
      new UserResolver({ load: loadUser, users: services.users, profiles: services.profiles }),
      new OtpResolver(services.otp),
      new LoginResolver(services.login),
      new SessionResolver(services),
      new PasswordResolver(services.passwords, services.passwordChanges),
      new UserAdminResolver(services.userAdmin),
      new AuditResolver(services.audit),
      new AdminDashboardResolver(services.dashboard),
      new KeyResolver(services.keyRotation),
      new ReleaseResolver(services.releases),
      new PrivacyResolver(services),
      new SocialResolver(services.social),
      new DeliveryResolver(services.deliveries),
      new DeviceResolver(services.devices),
      new PreferenceResolver(services.preferences),
    ],
  });
}
