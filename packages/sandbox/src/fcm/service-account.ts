import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** The key file that the Firebase console lets people download. */
export interface ServiceAccountFile {
  type: 'service_account';
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  token_uri: string;
}

const projectId = 'suvidha-sandbox';

/** A project with one service account, whose key is made when somebody first asks for it. */
export class FirebaseProject {
  readonly id = projectId;
  readonly clientEmail = `firebase-adminsdk@${projectId}.iam.gserviceaccount.com`;
  readonly keyId = 'sandbox-key';
  private pem: Promise<string> | undefined;

  async file(origin: string): Promise<ServiceAccountFile> {
    return {
      type: 'service_account',
      project_id: this.id,
      private_key_id: this.keyId,
      private_key: await this.privateKey(),
      client_email: this.clientEmail,
      token_uri: `${origin}/fcm/token`,
    };
  }

  async publicKey(): Promise<KeyObject> {
    return createPublicKey(await this.privateKey());
  }

  private privateKey(): Promise<string> {
    this.pem ??= generate('rsa', { modulusLength: 2048 }).then(({ privateKey }) =>
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
    return this.pem;
  }
}
