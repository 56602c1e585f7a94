import { Readable } from 'node:stream';
import type { Sharp, SharpOptions } from 'sharp';
import { Problem } from '../contract/problem.js';

/** Decoded, a picture of this many pixels takes about 240 MB outside the heap. */
const MOST_PIXELS = 60_000_000;
const THUMBNAIL = 480;
/** Maximum number of pictures that a process encodes at the same time. */
const AT_ONCE = 2;

const encodings = {
  'image/jpeg': (picture: Sharp) => picture.jpeg({ quality: 88 }),
  'image/png': (picture: Sharp) => picture.png(),
  'image/webp': (picture: Sharp) => picture.webp({ quality: 88 }),
  'image/gif': (picture: Sharp) => picture.gif(),
  'image/avif': (picture: Sharp) => picture.avif({ effort: 2 }),
};

/** The location of a picture: a path, or the bytes themselves if the file is sealed. */
export type PictureSource = string | AsyncIterable<Uint8Array>;

/**
 * Re-encodes the picture upright in its own type. Only its pixels are kept: Exif, XMP and data hidden after the picture are removed.
 *
 * @throws Problem 422, while the bytes are consumed, if the picture cannot be read
 */
export const encodePicture = (source: PictureSource, type: string): AsyncIterable<Uint8Array> => {
  const encode = encodings[type as keyof typeof encodings];
  return process(source, { animated: type === 'image/gif' || type === 'image/webp' }, (picture) => encode(picture.autoOrient()));
};

/** A small WebP of the picture. */
export const thumbnailOf = (source: PictureSource): AsyncIterable<Uint8Array> =>
  process(source, {}, (picture) =>
    picture.autoOrient().resize(THUMBNAIL, THUMBNAIL, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 75 }),
  );

async function* process(
  source: PictureSource,
  options: SharpOptions,
  make: (picture: Sharp) => Sharp,
): AsyncGenerator<Uint8Array> {
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  await enter();
  try {
    const given = { ...options, limitInputPixels: MOST_PIXELS, failOn: 'error', sequentialRead: true } as const;
    const picture = make(typeof source === 'string' ? sharp(source, given) : sharp(given));
    if (typeof source !== 'string') {
      Readable.from(source)
        .on('error', (error) => picture.destroy(error))
        .pipe(picture);
    }
    yield* picture as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw Object.assign(
      new Problem({
        type: 'picture-unreadable',
        status: 422,
        title: 'The picture cannot be read',
        detail: `It is damaged, or has more than ${MOST_PIXELS / 1_000_000} million pixels. Save it again or make it smaller, and send it again.`,
      }),
      { cause: error },
    );
  } finally {
    leave();
  }
}

let working = 0;
const waiting: (() => void)[] = [];

async function enter(): Promise<void> {
  if (working < AT_ONCE) working++;
  else await new Promise<void>((resolve) => waiting.push(resolve));
}

function leave(): void {
  const next = waiting.shift();
  if (next === undefined) working--;
  else next();
}
