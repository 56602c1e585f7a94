import { createHash } from 'node:crypto';

/** Namespace of derived ids; a random constant. */
const namespace = Buffer.from('5d0c2f1b8a3e4c679d21f0b47e6a9c35', 'hex');

/**
 * A deterministic id for these parts (UUID version 5, RFC 9562 §5.5), so that importing a package into an empty portal always yields the
 * same ids.
 */
export function derivedId(...parts: string[]): string {
  const bytes = createHash('sha1').update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Six digits. */
export const isInstellingsnummer = (value: string): boolean => /^\d{6}$/.test(value);

/** Files have it where a number is not known, and the practice school has it: no school in Flanders does. */
export const numberOfNone = '000000';

/** Compares names of classes as people do. */
export const nameKey = (name: string): string => name.normalize('NFC').trim().replaceAll(/\s+/gu, ' ').toLowerCase();

/** Id of a class that the turn of the school year makes: the same one whenever it is made again. */
export const madeClassId = (school: string, year: string, name: string): string =>
  derivedId('class', school, 'rollover', year, nameKey(name));

/** Id of a place in such a class. */
export const madeEnrolmentId = (klas: string, person: string, role: string): string => derivedId('enrolment', klas, person, role);
