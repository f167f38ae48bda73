import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Store } from '../../memory/store.ts';

/** In bytes. */
const nonceLength = 12;
const tagLength = 16;

/**
 * Returns a store as one client may see it. Keys are keyed hashes, values are encrypted and authenticated (AES-256-GCM) together with their key, all
 * under keys that come from the client's credential: whoever reads the store learns nothing but sizes and times, a value that was changed or
 * belongs to another key is not taken, and two clients never share an entry.
 *
 * @param credential As `credentialText` gives it.
 */
export function clientStore(store: Store, credential: string): Store {
  const secret = Buffer.from(hkdfSync('sha256', credential, '', 'openai-proxy store 1', 64));
  const [cipherKey, hashKey] = [secret.subarray(0, 32), secret.subarray(32)];
  const hashOf = (key: string): string => `openai-proxy:${createHmac('sha256', hashKey).update(key).digest('base64url')}`;

  function encrypt(key: string, value: Uint8Array): Uint8Array {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce).setAAD(Buffer.from(key));
    return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }

  function decrypt(key: string, value: Uint8Array | null | undefined): Uint8Array | undefined {
    if (!value || value.length < nonceLength + tagLength) return undefined;
    const [nonce, tag] = [value.subarray(0, nonceLength), value.subarray(value.length - tagLength)];
    const decipher = createDecipheriv('aes-256-gcm', cipherKey, nonce, { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(key)).setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(value.subarray(nonceLength, value.length - tagLength)), decipher.final()]);
    } catch {
      return undefined; // not what was written under this key
    }
  }

  return {
    async get(keys) {
      const hashes = keys.map(hashOf);
      const values = await store.get(hashes);
      return hashes.map((hash, at) => decrypt(hash, values[at]));
    },
    async set(key, value, seconds) {
      const hash = hashOf(key);
      await store.set(hash, encrypt(hash, value), seconds);
    },
  };
}
