import { Problem, type Store, type Upload } from '@ilearn/core';
import type { files } from '../../files.js';
import { mostFiles } from '../../tickets/limits.js';
import { addressesIn } from '../addresses.js';
import type { ParsedAttachment } from '../parsing/parsed.js';
import type { Withheld } from './inbound.js';
import { packed } from './raw-mail.js';

type StoreFiles = Store<typeof files>;

/** Whether a file will never be accepted, in contrast to a store that cannot be reached. */
const isRefused = (error: unknown): boolean => error instanceof Problem && [400, 413, 415, 422].includes(error.status);

/** Stores a mail as it came, encrypted. An infected one is not stored, and is put aside. */
export async function storeMail(store: StoreFiles, raw: Buffer): Promise<{ upload: Upload | null; reason: '' | 'not-stored' }> {
  try {
    return {
      upload: await store('raw_mails', [await packed(raw)], { name: 'mail.eml.gz', type: 'application/gzip' }),
      reason: '',
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { upload: null, reason: 'not-stored' };
  }
}

/**
 * Stores the attachments that the helpdesk accepts as files: checked by their content and scanned, and pictures drawn anew. The others are
 * withheld: they stay in the mail as it came. Nothing is unpacked.
 */
export async function storeAttachments(
  store: StoreFiles,
  attachments: readonly ParsedAttachment[],
): Promise<{ uploads: Upload[]; withheld: Withheld[] }> {
  const uploads: Upload[] = [];
  const withheld: Withheld[] = [];
  for (const { name, type, bytes } of attachments) {
    if (uploads.length < mostFiles) {
      try {
        uploads.push(await store('attachments', [bytes], { name: name === '' ? 'file' : name, type }));
        continue;
      } catch (error) {
        if (!isRefused(error)) throw error;
      }
    }
    withheld.push({ name, type, bytes: bytes.byteLength });
  }
  return { uploads, withheld };
}

/** The sender in a mail's header, for a mail that is not read. */
export function senderIn(header: Buffer): string {
  const head = header.toString('latin1').replace(/\r?\n[ \t]+/g, ' ');
  const from = /^from:(.*)$/im.exec(head)?.[1] ?? '';
  return (addressesIn(from)[0] ?? '').toLowerCase();
}
