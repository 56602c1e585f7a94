import { z } from 'zod';

const toolPort = 4110;
const portalPort = 3000;

/**
 * Default address of the practice tool: port 4110 for a portal on port 3000, and the same distance from any other port, so that portals on
 * one machine use different ports for their tools. The portal's port is taken from `PUBLIC_URL` if that is set, because the processes of
 * one portal may listen on several ports.
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
    /** Address at which browsers and the portal reach the practice tool. The registration and the tool's port are derived from it. */
    toolUrl: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
      .transform((url) => url.replace(/\/+$/, ''))
      .default(defaultToolUrl),
    /** Start the tool with the portal, as a separate process on the port of `toolUrl`. */
    spawn: z.boolean().default(false),
  })
  .refine(({ toolUrl, spawn }) => !spawn || toolUrl.startsWith('http:'), {
    path: ['spawn'],
    error:
      'the tool itself speaks http only: start it yourself behind a proxy (see its --port and --url), or give toolUrl an http address',
  });

export type Config = z.output<typeof config>;
