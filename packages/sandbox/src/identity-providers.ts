import type { FastifyInstance } from 'fastify';
import { registerApple } from './apple/apple.route.ts';
import { Apple, type AppleOptions } from './apple/apple.ts';
import type { ConsentParties } from './control/consent.route.ts';
import type { Faults } from './control/faults.ts';
import { registerDescope } from './descope/descope.route.ts';
import { Descope, type DescopeOptions } from './descope/descope.ts';
import { DescopeLogin, registerDescopeLogin } from './descope/descope-login.ts';
import { registerFacebook } from './facebook/facebook.route.ts';
import { Facebook, type FacebookOptions } from './facebook/facebook.ts';
import { registerGoogle } from './google/google.route.ts';
import { Google, type GoogleOptions } from './google/google.ts';
import type { Inbox } from './inbox/inbox.ts';

/** The app as each provider knows it. Default of each: {@link sandboxApps}. */
export interface IdentityProviderOptions {
  google?: GoogleOptions;
  facebook?: FacebookOptions;
  apple?: AppleOptions;
  descope?: DescopeOptions;
  /** Where browsers find this sandbox, when that is not where servers find it. */
  publicUrl?: string | undefined;
}

/** The app as each provider knows it unless told otherwise. These credentials protect nothing. */
export const sandboxApps = {
  google: {
    clientId: '100000000000-sandbox.apps.googleusercontent.com',
    clientSecret: 'sandbox_google_secret',
  },
  facebook: { appId: '100000000000000', appSecret: 'sandbox_app_secret' },
  apple: { clientId: 'example.suvidha.web', teamId: 'SANDBOXTEA', keyId: 'SANDBOXKEY' },
  descope: { projectId: 'P2SandboxSandboxSandboxSand' },
} as const;

/** Everybody who says who somebody is. */
export class IdentityProviders {
  readonly google: Google;
  readonly facebook: Facebook;
  readonly apple: Apple;
  readonly descope: Descope;
  readonly consentParties: ConsentParties;
  private readonly descopeLogin: DescopeLogin;
  private readonly faults: Faults;
  private readonly publicUrl: string | undefined;

  constructor(options: IdentityProviderOptions, context: { faults: Faults; inbox: Inbox }) {
    this.faults = context.faults;
    this.publicUrl = options.publicUrl;
    this.google = new Google(options.google ?? sandboxApps.google, this.faults);
    this.facebook = new Facebook(options.facebook ?? sandboxApps.facebook, this.faults);
    this.apple = new Apple(options.apple ?? sandboxApps.apple, this.faults);
    this.descope = new Descope(options.descope ?? sandboxApps.descope, context);
    this.descopeLogin = new DescopeLogin(this.descope);
    this.consentParties = {
      '/google/o/oauth2/v2/auth': this.google,
      '/dialog/oauth': this.facebook,
      '/apple/auth/authorize': this.apple,
      '/descope-login': this.descopeLogin,
    };
  }

  /** Registers each below its own name. */
  async register(app: FastifyInstance): Promise<void> {
    const { google, facebook, apple, descope, descopeLogin, faults, publicUrl } = this;
    const shared = { faults, publicUrl };
    await app.register(registerGoogle, { prefix: '/google', google, ...shared });
    await app.register(registerFacebook, { prefix: '/facebook', facebook, ...shared });
    await app.register(registerApple, { prefix: '/apple', apple, ...shared });
    await app.register(async (scope) => registerDescope(scope, { descope, ...shared }), {
      prefix: '/descope',
    });
    await app.register(async (scope) => registerDescopeLogin(scope, descopeLogin));
  }

  /** Nobody has consented to anything, and Descope has no people. */
  reset(): void {
    for (const party of [this.google, this.facebook, this.apple, this.descope]) party.reset();
  }
}
