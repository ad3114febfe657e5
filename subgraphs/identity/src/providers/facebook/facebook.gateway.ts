import { createHmac } from 'node:crypto';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { refuse, toCurrentUrl } from '../oidc.client.ts';
import { type SocialGateway, type SocialProfile, SocialRefusal } from '../social-gateway.ts';
import { createVendorFetch } from '../vendor-fetch.ts';

export interface FacebookOptions {
  /** Where people log in, with the version. */
  readonly dialogUrl: string;
  /** Address of the Graph API, with the version. */
  readonly graphUrl: string;
  readonly appId: string;
  readonly appSecret: string;
}

const issuer = 'https://www.facebook.com';

const described = z.object({
  data: z.object({
    app_id: z.string().optional(),
    is_valid: z.boolean(),
    user_id: z.string().optional(),
  }),
});

const profileSchema = z.object({
  id: z.string().min(1).max(255),
  name: z.string().optional(),
  email: z.string().optional(),
});

/**
 * Facebook Login (https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow). It is OAuth without an
 * ID token: PKCE binds the code to the login, and the token is inspected to be one for our app.
 */
export function createFacebookGateway(options: FacebookOptions): SocialGateway {
  const config = createConfiguration(options);
  const graph = new Graph(options);
  return {
    start: async (start) =>
      oidc.buildAuthorizationUrl(config, {
        redirect_uri: start.callbackUrl,
        state: start.state,
        scope: 'email,public_profile',
        code_challenge: await oidc.calculatePKCECodeChallenge(start.codeVerifier),
        code_challenge_method: 'S256',
      }).href,
    finish: (answer) =>
      refuse(async () => {
        const tokens = await oidc.authorizationCodeGrant(config, toCurrentUrl(answer), {
          expectedState: answer.state,
          pkceCodeVerifier: answer.codeVerifier,
        });
        return graph.readProfile(tokens.access_token);
      }),
  };
}

function createConfiguration({ dialogUrl, graphUrl, appId, appSecret }: FacebookOptions): oidc.Configuration {
  const server = {
    issuer,
    authorization_endpoint: dialogUrl,
    token_endpoint: `${graphUrl}/oauth/access_token`,
  };
  const config = new oidc.Configuration(server, appId, undefined, oidc.ClientSecretPost(appSecret));
  config[oidc.customFetch] = createVendorFetch('Facebook') as oidc.CustomFetch;
  if (graphUrl.startsWith('http:')) oidc.allowInsecureRequests(config);
  return config;
}

/** The calls of the Graph API that say whose a token is. */
class Graph {
  readonly #options: FacebookOptions;
  readonly #fetch = createVendorFetch('Facebook');

  constructor(options: FacebookOptions) {
    this.#options = options;
  }

  async readProfile(accessToken: string): Promise<SocialProfile> {
    const { appId, appSecret } = this.#options;
    const { data } = await this.#get(described, '/debug_token', {
      input_token: accessToken,
      access_token: `${appId}|${appSecret}`,
    });
    // A token of another app would let that app's owner in as anybody who uses it.
    if (!data.is_valid || data.app_id !== appId) throw new SocialRefusal('ANOTHER_APP');
    const { id, name, email } = await this.#get(profileSchema, '/me', {
      fields: 'id,name,email',
      access_token: accessToken,
      appsecret_proof: createHmac('sha256', appSecret).update(accessToken).digest('hex'),
    });
    if (data.user_id !== id) throw new SocialRefusal('ANOTHER_PERSON');
    return {
      issuer,
      subject: id,
      email: email ?? null,
      // Facebook does not say whether it has seen that the address is theirs.
      isEmailVerified: false,
      isPrivateEmail: false,
      displayName: name ?? null,
    };
  }

  async #get<T extends z.ZodType>(
    schema: T,
    path: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<z.output<T>> {
    const response = await this.#fetch(`${this.#options.graphUrl}${path}?${new URLSearchParams(fields)}`);
    if (!response.ok) {
      await response.body?.cancel();
      throw new SocialRefusal(`GRAPH_${response.status}`);
    }
    const parsed = schema.safeParse(await response.json());
    if (!parsed.success) throw new SocialRefusal('GRAPH_ANSWER');
    return parsed.data;
  }
}
