import { gunzipSync } from 'node:zlib';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { IdentityRefused } from './refused.js';

const text = z.string().max(2_000);
const types = z.union([text.transform((one) => [one]), z.array(text).max(20)]);
const subject = z.looseObject({ id: text.optional() });
const statusEntry = z.looseObject({
  type: z.enum(['BitstringStatusListEntry', 'StatusList2021Entry']),
  statusPurpose: text,
  statusListIndex: z.union([z.string().regex(/^\d{1,9}$/), z.int().min(0)]).transform(Number),
  statusListCredential: z.url({ protocol: /^https?$/ }).max(2_000),
  /** Bits of an entry. */
  statusSize: z.unknown().optional(),
});
const oneOrMore = <S extends z.ZodType>(schema: S, most: number) =>
  z.union([schema.transform((one) => [one]), z.array(schema).max(most)]);

const dates = {
  validFrom: text.optional(),
  validUntil: text.optional(),
  issuanceDate: text.optional(),
  expirationDate: text.optional(),
};

/** A credential of the data models 2.0 and 1.1, as far as it is read. */
const credential = z.looseObject({
  type: types,
  issuer: z.union([text, z.looseObject({ id: text }).transform(({ id }) => id)]).optional(),
  credentialSubject: oneOrMore(subject, 20),
  credentialStatus: oneOrMore(statusEntry, 5).default([]),
  ...dates,
});
export type Credential = z.output<typeof credential> & { issuer: string };
export type StatusEntry = z.output<typeof statusEntry>;

/** In a presentation of the data model 2.0, each credential is a JWT in a data URL (VC-JOSE-COSE §3.1.3). */
const enveloped = z
  .looseObject({ id: z.string().regex(/^data:application\/vc\+jwt,/) })
  .transform(({ id }) => id.slice(id.indexOf(',') + 1));
const presentation = z.looseObject({
  type: types,
  holder: z.union([text, z.looseObject({ id: text }).transform(({ id }) => id)]).optional(),
  verifiableCredential: oneOrMore(z.union([z.string().max(16_000), enveloped]), 5).default([]),
});

/** The credentials in a presentation of this holder, still signed. @throws IdentityRefused for another holder or audience */
export function credentialsIn(payload: JWTPayload, holder: string, own: string): string[] {
  const found = presentation.safeParse(payload['vp'] ?? payload);
  const fits =
    found.success &&
    found.data.type.includes('VerifiablePresentation') &&
    payload.iss === holder &&
    (found.data.holder ?? holder) === holder &&
    [payload.aud].flat().length === 1 &&
    [payload.aud].flat()[0] === own &&
    payload.exp !== undefined;
  if (!fits)
    throw new IdentityRefused('presentation', 'It must be a presentation of the sender, for this portal alone, that ends.');
  return found.data.verifiableCredential;
}

/** A credential whose signature was checked, with its issuer. @throws IdentityRefused if it is not readable */
export function credentialOf(payload: JWTPayload): Credential {
  const found = credential.safeParse(payload['vc'] ?? payload);
  const issuer = found.data?.issuer ?? payload.iss;
  if (!found.success || issuer === undefined || (payload.iss ?? issuer) !== issuer)
    throw new IdentityRefused('credential', 'It is not readable, or has two issuers.');
  return { ...found.data, issuer };
}

/** The issuer that a credential claims to have. */
export const issuerOf = (payload: JWTPayload): string => credentialOf(payload).issuer;

/** @throws IdentityRefused unless the credential is about the holder alone, and valid now for a time that ends */
export function checkCredential(
  payload: JWTPayload,
  { credentialSubject, ...written }: Credential,
  holder: string,
  now: Date,
): void {
  const refuse = (message: string) => new IdentityRefused('credential', message);
  if (credentialSubject.length === 0 || credentialSubject.some(({ id }) => id !== holder) || (payload.sub ?? holder) !== holder)
    throw refuse('It is about somebody else.');
  if (payload.exp === undefined && written.validUntil === undefined && written.expirationDate === undefined)
    throw refuse('It never ends.');
  checkDates(payload, written, now, refuse);
}

interface Dates {
  validFrom?: string | undefined;
  validUntil?: string | undefined;
  issuanceDate?: string | undefined;
  expirationDate?: string | undefined;
}

/** @throws what `refuse` makes, unless all dates that are there let it hold now */
function checkDates(
  { exp }: JWTPayload,
  { validFrom, validUntil, issuanceDate, expirationDate }: Dates,
  now: Date,
  refuse: (message: string) => IdentityRefused,
): void {
  const momentsOf = (all: (string | undefined)[]) => all.flatMap((each) => (each === undefined ? [] : [Date.parse(each)]));
  const until = [...momentsOf([validUntil, expirationDate]), ...(exp === undefined ? [] : [exp * 1_000])];
  // A date that is none compares as false.
  if (!until.every((moment) => moment > now.getTime())) throw refuse('It is over.');
  if (!momentsOf([validFrom, issuanceDate]).every((moment) => moment <= now.getTime() + 30_000))
    throw refuse('It does not hold yet.');
}

const list = z.looseObject({
  id: text.optional(),
  type: types,
  ...dates,
  credentialSubject: z.looseObject({ statusPurpose: text, encodedList: z.string().max(400_000) }),
});
const listTypes = {
  BitstringStatusListEntry: 'BitstringStatusListCredential',
  StatusList2021Entry: 'StatusList2021Credential',
} as const;
/** A list of 131,072 people is 16 KiB; longer ones are refused from 2 MiB on. */
const largestList = 2 * 1024 * 1024;

/**
 * Whether a status is set in a list whose signature was checked (Bitstring Status List 1.0 §3.2; Status List 2021 §3.2).
 *
 * @throws IdentityRefused if the list is another one, does not hold now, is not readable, has entries of more than one bit, or ends before the entry
 */
export function isSet(payload: JWTPayload, entry: StatusEntry, now: Date): boolean {
  const { type, statusPurpose, statusListIndex, statusListCredential, statusSize = 1 } = entry;
  const refuse = (message = 'The status list is not readable.') => new IdentityRefused('status', message);
  const found = list.safeParse(payload['vc'] ?? payload);
  if (!found.success || !found.data.type.includes(listTypes[type])) throw refuse();
  const { id = statusListCredential, credentialSubject, ...written } = found.data;
  if (id !== statusListCredential) throw refuse('It is another status list.');
  if (statusSize !== 1) throw refuse('Only entries of one bit are read.');
  checkDates(payload, written, now, (message) => refuse(`The status list: ${message}`));
  if (credentialSubject.statusPurpose !== statusPurpose) throw refuse();
  // Multibase base64url in the newer one.
  const encoded = credentialSubject.encodedList.replace(type === 'BitstringStatusListEntry' ? /^u/ : /^$/, '');
  let bits: Buffer;
  try {
    bits = gunzipSync(Buffer.from(encoded, 'base64url'), { maxOutputLength: largestList });
  } catch {
    throw refuse();
  }
  const byte = bits[statusListIndex >> 3];
  if (byte === undefined) throw refuse();
  // The first entry is the leftmost bit.
  return ((byte >> (7 - (statusListIndex & 7))) & 1) === 1;
}
