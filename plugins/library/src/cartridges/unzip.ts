import { unzipSync } from 'fflate';
import { CartridgeRefused } from './refused.js';

const mostFiles = 5_000;
const mostBytes = 64 * 1024 * 1024;

/** The files of a zip by their paths, without those that nothing here reads. @throws CartridgeRefused */
export function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  let files = 0;
  let total = 0;
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(bytes, {
      filter({ name, originalSize }) {
        files += 1;
        if (files > mostFiles) throw new CartridgeRefused('too-large');
        if (!/\.(?:xml|html?|png|jpe?g|gif|webp)$/i.test(name)) return false;
        // fflate writes no more than this, whatever the file contains.
        total += originalSize;
        if (total > mostBytes) throw new CartridgeRefused('too-large');
        return true;
      },
    });
  } catch (error) {
    if (error instanceof CartridgeRefused) throw error;
    throw new CartridgeRefused('not-zip');
  }
  return new Map(Object.entries(unpacked));
}
