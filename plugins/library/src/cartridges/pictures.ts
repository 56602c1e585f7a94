/** Longest side of a picture in pixels. */
const longest = 1_000;
/** Characters of a picture as a `data:` address. */
const mostCharacters = 200_000;
const formats = new Set(['png', 'jpeg', 'gif', 'webp']);

/**
 * A picture as a WebP `data:` address, made small enough for a text and without what a camera adds; null if it is no PNG, JPEG, GIF or WebP,
 * or stays too large.
 */
export async function pictureAddress(bytes: Uint8Array): Promise<string | null> {
  const { default: sharp } = await import('sharp');
  try {
    const { format, width = 0, height = 0 } = await sharp(bytes).metadata();
    // A small file may unpack to many pixels.
    if (!formats.has(format ?? '') || width * height > 40_000_000) return null;
    const small = sharp(bytes, { animated: false })
      .rotate()
      .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true });
    const address = `data:image/webp;base64,${(await small.webp({ quality: 75 }).toBuffer()).toString('base64')}`;
    return address.length <= mostCharacters ? address : null;
  } catch {
    return null;
  }
}
