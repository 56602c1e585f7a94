import { z } from 'zod';

const toolPort = 4110;
const portalPort = 3000;

/**
 * Where the practice tool of this portal is: on port 4110 for a portal on port 3000, and equally far from any other port, so that
 * portals on the same machine do not share, or fight over, one tool. The port is that of `PUBLIC_URL`, if it has one, since the
 * processes of one portal may listen on several ports.
 */
function defaultToolUrl(): string {
  const { PORT, PUBLIC_URL } = process.env;
  const ofPortal = PUBLIC_URL ? portOf(PUBLIC_URL) : PORT;
  const port = Number(ofPortal || portalPort) - portalPort + toolPort;
  const usable = Number.isInteger(port) && port > toolPort - portalPort && port <= 65_535;
  return `http://127.0.0.1:${usable ? port : toolPort}`;
}

const portOf = (address: string): string => (URL.canParse(address) ? new URL(address).port : '');

export const config = z
  .strictObject({
    /** Where browsers and the portal reach the practice tool. The registration and the tool's own port follow it. */
    toolUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
      .transform((url) => url.replace(/\/+$/, ''))
      .default(defaultToolUrl),
    /** Start the tool together with the portal, as a process of its own on the port of `toolUrl`. */
    spawn: z.boolean().default(false),
  })
  .refine(({ toolUrl, spawn }) => !spawn || toolUrl.startsWith('http:'), {
    path: ['spawn'],
    error:
      'the tool itself speaks http only: start it yourself behind a proxy (see its --port and --url), or give toolUrl an http address',
  });

export type Config = z.output<typeof config>;
