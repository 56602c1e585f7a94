import { derivedKey } from '../foundation/derived-key.js';
import { openText, sealText } from '../foundation/sealed-text.js';

/** Each field of each tenant has its own key, so that a sealed text cannot be moved to another place. */
const keyOf = (master: Uint8Array, place: string): Uint8Array => derivedKey(master, `kernel/settings/${place}`);

/** In base64. */
export function seal(master: Uint8Array, place: string, text: string): { sealed: string } {
  return { sealed: sealText(keyOf(master, place), text).toString('base64') };
}

/** Undefined if the value is not a sealed text, or was sealed with another key or for another place. */
export function unseal(master: Uint8Array, place: string, value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? (value as { sealed?: unknown }).sealed : undefined;
  if (typeof text !== 'string') return undefined;
  try {
    return openText(keyOf(master, place), Buffer.from(text, 'base64'));
  } catch {
    return undefined;
  }
}
