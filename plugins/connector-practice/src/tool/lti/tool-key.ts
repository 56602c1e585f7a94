import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose';

/** The key with which the tool signs for itself; made anew at each start, the platform fetches it. */
export interface ToolKey {
  kid: string;
  privateKey: CryptoKey;
  /** Public half, as the key set shows it. */
  jwk: JWK;
}

export async function createToolKey(): Promise<ToolKey> {
  const kid = randomUUID();
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}
