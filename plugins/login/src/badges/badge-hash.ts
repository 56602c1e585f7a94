import { createHmac } from 'node:crypto';
import type { Dependencies } from '../dependencies.js';

/** Length of the code that is typed where nothing can scan. */
export const shortLength = 10;

/** After this many wrong choices of pictures a badge is closed, until a teacher lets the child choose again or makes another badge. */
export const mostWrong = 15;

export interface BadgeRow {
  id: string;
  school_id: string;
  pupil_id: string;
  pictures_hash: Buffer | null;
  /** Wrong choices of pictures, which a right one forgets only while they are few. */
  wrong: number;
}

/** HMAC-SHA-256 of a secret, a code or the pictures of a badge. */
export async function badgeHash(secrets: Dependencies['secrets'], text: string): Promise<Buffer> {
  return createHmac('sha256', await secrets.key('badges'))
    .update(text)
    .digest();
}
