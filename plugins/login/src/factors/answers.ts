import { z } from 'zod';

/** A credential of WebAuthn as JSON (WebAuthn Level 3 §5.1.8). The library checks the members of `response`. */
const credential = <Response extends z.ZodType>(response: Response) =>
  z.object({
    id: z.string().min(1).max(2_000),
    rawId: z.string().max(2_000),
    type: z.literal('public-key'),
    authenticatorAttachment: z.enum(['platform', 'cross-platform']).optional(),
    clientExtensionResults: z.object({}).loose().default({}),
    response,
  });

const encoded = z.string().max(20_000);

export const createdPasskey = credential(
  z.object({ clientDataJSON: encoded, attestationObject: encoded, transports: z.array(z.string().max(20)).max(10).optional() }),
);
export const usedPasskey = credential(
  z.object({
    clientDataJSON: encoded,
    authenticatorData: encoded,
    signature: encoded,
    userHandle: z.string().max(200).optional(),
  }),
);

/** Options of WebAuthn, for the browser. */
export const passkeyOptions = z.object({ options: z.record(z.string(), z.unknown()) });

export const typedCode = z.string().min(6).max(30);
export const passkeyName = z.string().trim().min(1).max(60);
export const ticket = z.string().min(1).max(400);

export const newApp = z.object({
  secret: z.string(),
  code: z.object({ size: z.int(), path: z.string() }).describe('QR code of the secret: an SVG path in a square of `size`'),
  ticket: z.string().describe('To be sent back with the first code'),
});
export const recoveryCodes = z.array(z.string()).max(10);
