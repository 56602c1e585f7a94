import { defineSignIn, nameOf, oidcProtocol, SignInRefused } from '@ilearn/plugin-sign-in-oidc/provider';
import { importPKCS8 } from 'jose';
import { z } from 'zod';

const config = z.strictObject({
  clientId: z.string().min(1).optional(),
  /** Private key in PKCS #8 (PEM), whose public part the Beheerportaal has. */
  privateKey: z.string().min(1).optional(),
  /** Id of the key in the Beheerportaal. */
  keyId: z.string().min(1).optional(),
  algorithm: z.enum(['RS256', 'PS256', 'ES256']).default('RS256'),
  issuer: z.url().default('https://authenticatie.vlaanderen.be/op'),
});

/** Signing in with LeerID, by ACM/IDM of the Flemish government. */
export default defineSignIn({
  id: 'sign-in-leerid',
  version: '0.1.0',
  config,
  http: {
    hosts: ['authenticatie.vlaanderen.be', 'authenticatie-ti.vlaanderen.be'],
    operator: 'another address of the provider, for tests',
    purpose: 'signing in with LeerID',
    sends: 'the code with which ACM/IDM answered the sign-in, which works once',
  },
  messages: new URL('../messages/', import.meta.url),
  providers({ clientId, privateKey, keyId, algorithm, issuer }) {
    if (clientId === undefined || privateKey === undefined) return [];
    const protocol = oidcProtocol({
      issuer,
      clientId,
      // private_key_jwt; the audience of the assertion is the issuer.
      privateKey: async () => {
        const key = await importPKCS8(privateKey, algorithm);
        return keyId === undefined ? { key } : { key, kid: keyId };
      },
      scope: 'openid profile vo',
      responseMode: 'form_post',
      proofOf(claims) {
        const texts = [claims.vo_orgcode].flat().filter((one): one is string => typeof one === 'string');
        const codes = texts.map((text) => text.trim()).filter((text) => /^[0-9]{1,6}$/.test(text));
        if (codes.length === 0) throw new SignInRefused('school', 'no vo_orgcode');
        // Numbers may come without their leading zeros.
        const realms = codes.slice(0, 50).map((code) => code.padStart(6, '0'));
        return { subject: claims.sub, realms, rosterKeys: [claims.sub], name: nameOf(claims) };
      },
    });
    return [{ key: 'leerid', label: 'LeerID', audiences: ['pupil', 'staff'], realm: 'instellingsnummer', protocol }];
  },
});
