import { encode } from 'uqr';

/** A QR code as an SVG path of its dark squares, in a `viewBox` of `0 0 size size` that includes a margin of two squares. */
export interface CardCode {
  size: number;
  path: string;
}

/** Name of the part behind `#`, which browsers send to no server. */
const key = 'naam';

/**
 * The code on a sign-in card. It opens the sign-in page with the username filled in, and does not sign anybody in: the password is asked for.
 *
 * @param portalUrl without a trailing slash
 */
export function cardCode(portalUrl: string, { username, kind }: { username: string; kind: 'pupil' | 'staff' }): CardCode {
  const audience = kind === 'pupil' ? 'leerling' : 'medewerker';
  return qrCode(`${portalUrl}/aanmelden?wie=${audience}#${key}=${encodeURIComponent(username)}`);
}

/** A text as a QR code. */
export function qrCode(text: string): CardCode {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? `M${x} ${y}h1v1h-1z` : [])));
  return { size, path: dark.join('') };
}
