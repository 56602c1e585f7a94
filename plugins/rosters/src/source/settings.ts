import { z } from 'zod';

/** What an address holds before `@` is shown to others and stored as it is: it is no place for a password. */
const address = z
  .url()
  .max(500)
  .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), {
    message: 'must have no name or password before @',
  });

/** How the portal speaks to a OneRoster server. Servers mix versions, so path, payload and authentication are set apart. */
export const sourceSettings = z.strictObject({
  /** Address before the path of the version, such as `https://wissel.smartschool.be`. */
  address,
  /** `v1p1`: `/ims/oneroster/v1p1`; `v1p2`: `/ims/oneroster/rostering/v1p2`. */
  path: z.enum(['v1p1', 'v1p2']),
  /** `1.1`: `role` and `orgs` of a user; `1.2`: `roles` with an org each. */
  shape: z.enum(['1.1', '1.2']),
  /** How the client proves itself for a token (OAuth 2.0 client credentials): in the body, or by HTTP Basic. */
  authentication: z.enum(['body', 'basic']),
  tokenAddress: address,
  /** Scopes, separated by spaces; empty: none are asked. */
  scope: z.string().trim().max(500).default(''),
  clientId: z.string().trim().min(1).max(255),
  /** sourcedId of the school in the other system; empty: found by its instellingsnummer. */
  schoolId: z.string().trim().max(255).default(''),
  /** Whether `metadata` of people tells their Smartschool accounts. */
  accounts: z.enum(['none', 'smartschool']).default('none'),
  nightly: z.boolean().default(true),
});
export type SourceSettings = z.output<typeof sourceSettings>;

const paths = { v1p1: '/ims/oneroster/v1p1', v1p2: '/ims/oneroster/rostering/v1p2' } as const;

/** Address of a list: the address of the settings, the path of the version, and the name. */
export function listAddress({ address, path }: Pick<SourceSettings, 'address' | 'path'>, name: string): URL {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${paths[path]}/${name}`;
  url.search = '';
  url.hash = '';
  return url;
}
