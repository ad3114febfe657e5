import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** A data key as it is stored. */
export interface WrappedKey {
  /** Text without meaning to anybody but the master key. */
  readonly wrappedKey: string;
  /** Which master key wrapped it. */
  readonly masterKeyId: string;
}

/**
 * Wraps data keys. The port to a key management service; here the master keys are in the process. A wrapped key opens only
 * under the id it was wrapped for.
 */
export interface MasterKeys {
  /** The one that wraps from now on. */
  readonly currentId: string;
  wrap(dataKeyId: string, dataKey: Buffer): Promise<WrappedKey>;
  /** @throws when it was altered, or its master key is not here */
  unwrap(dataKeyId: string, wrapped: WrappedKey): Promise<Buffer>;
}

/** A master key and the id that says which one it is. */
export interface MasterKey {
  readonly id: string;
  /** 32 random bytes. */
  readonly key: Buffer;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** @param keys the current one first, then those that still wrap something */
export function createLocalMasterKeys(keys: readonly [MasterKey, ...MasterKey[]]): MasterKeys {
  const [current] = keys;
  const byId = new Map(keys.map(({ id, key }) => [id, key]));
  return {
    currentId: current.id,
    wrap: async (dataKeyId, dataKey) => ({
      wrappedKey: seal(current, dataKeyId, dataKey).toString('base64'),
      masterKeyId: current.id,
    }),
    unwrap: async (dataKeyId, { wrappedKey, masterKeyId }) => {
      const key = byId.get(masterKeyId);
      if (!key) throw new Error('a file key was wrapped with a master key that is not configured');
      return open({ id: masterKeyId, key }, dataKeyId, Buffer.from(wrappedKey, 'base64'));
    },
  };
}

function seal(master: MasterKey, dataKeyId: string, dataKey: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, master.key, nonce).setAAD(toContext(master, dataKeyId));
  return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
}

function open(master: MasterKey, dataKeyId: string, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, master.key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(toContext(master, dataKeyId)).setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}

function toContext({ id }: MasterKey, dataKeyId: string): Buffer {
  return Buffer.from(`suvidha:file-key:${dataKeyId}:${id}`);
}
