import { parseArgs } from 'node:util';

export interface ToolOptions {
  port: number;
  /** Address to listen on; undefined: all addresses. */
  host: string | undefined;
  /** Address at which browsers and the platform reach this tool, without a trailing slash. */
  url: string;
  /** Address of the portal. */
  platform: string;
  clientId: string;
  deploymentId: string;
  /** The current time; undefined: that of this machine. */
  time: Date | undefined;
}

export const usage = `Practice tool for LTI 1.3.

  node main.js --platform <address of the portal> [options]

  --platform <url>        the portal, such as http://localhost:3000 (may start later)
  --port <number>         port to listen on (default: that of --url, else 4110)
  --url <url>             where browsers reach this tool (default: http://127.0.0.1:<port>)
  --client-id <id>        what the portal calls this tool (default: practice-tool)
  --deployment-id <id>    default: 1
  --time <moment>         the time now, such as 2026-09-01T08:30:00Z (default: that of this machine)
`;

const loopback = ['127.0.0.1', 'localhost'];

export class UsageError extends Error {}

/** @throws UsageError */
export function readOptions(args: string[]): ToolOptions {
  const { values } = parse(args);
  const platform = webAddress('--platform', values.platform);
  if (platform === undefined)
    throw new UsageError('--platform is missing: give the address of the portal, such as http://localhost:3000');
  const given = webAddress('--url', values.url);
  const port = values.port === undefined ? portOf(given) : Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port is "${values.port}": give a number from 0 to 65535`);
  const url = given ?? `http://127.0.0.1:${port}`;
  return {
    port,
    // A tool with a loopback address listens on that address only.
    host: loopback.includes(new URL(url).hostname) ? new URL(url).hostname : undefined,
    url,
    platform,
    clientId: values['client-id'],
    deploymentId: values['deployment-id'],
    time: moment('--time', values.time),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        platform: { type: 'string' },
        port: { type: 'string' },
        url: { type: 'string' },
        'client-id': { type: 'string', default: 'practice-tool' },
        'deployment-id': { type: 'string', default: '1' },
        time: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function webAddress(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new UsageError(`${option} is "${text}": give an http(s) address`);
  return text.replace(/\/+$/, '');
}

function moment(option: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`${option} is "${text}": give a moment such as 2026-09-01T08:30:00Z`);
  return time;
}

function portOf(url: string | undefined): number {
  if (url === undefined) return 4110;
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
