import { z } from 'zod';

/** Maximum size of a logo in bytes. It is part of answers that list tools. */
export const maxLogo = 32_768;

/** What an SVG picture does not need, and what could run or load something if it were opened as a page. */
const unsafeInSvg =
  /<\s*(?:script|foreignObject|iframe|object|embed)\b|\bon[a-z]+\s*=|<!(?:DOCTYPE|ENTITY)|(?:href|src)\s*=\s*["']\s*(?!#|data:image\/)|url\(\s*["']?\s*(?!#)|@import/i;

/** A logo as `data:` address: an SVG or PNG picture that loads nothing. */
export const logo = z.string().superRefine((address, context) => {
  const [, kind, content = ''] = /^data:image\/(svg\+xml|png);base64,([A-Za-z0-9+/=]+)$/.exec(address) ?? [];
  if (kind === undefined) {
    context.addIssue(`must be an SVG or PNG file in the package; got ${address.slice(0, 100)}`);
    return;
  }
  const bytes = Buffer.from(content, 'base64');
  if (bytes.length > maxLogo)
    context.addIssue(`must be at most ${maxLogo / 1024} KiB; this is ${Math.ceil(bytes.length / 1024)} KiB`);
  if (kind === 'png' && bytes.subarray(1, 4).toString('latin1') !== 'PNG') context.addIssue('is not a PNG picture');
  if (kind === 'png') return;
  const text = bytes.toString('utf8');
  if (!/<svg[\s>]/.test(text)) context.addIssue('is not an SVG picture');
  const unsafe = unsafeInSvg.exec(text)?.[0];
  if (unsafe !== undefined)
    context.addIssue(`must not contain scripts, or load anything from elsewhere; found ${unsafe.trim().slice(0, 40)}`);
});
