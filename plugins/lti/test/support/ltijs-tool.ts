import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@ilearn/core/testing';
import type { RegistrationContribution } from '@ilearn/plugin-lti';
import { serverForTests } from '../../../../core/test/support/database.js';
import { serviceScopes } from '../../src/scopes.js';

export interface LtijsTool {
  url: string;
  /** The tool's registration for the platform. */
  registration: RegistrationContribution;
  stop(): Promise<void>;
}

export interface LtijsToolOptions {
  /** Issuer of the platform. The platform may start later, because ltijs first calls it at the first launch. */
  platformUrl: string;
  /** A PostgreSQL database for ltijs alone; see {@link createLtijsDatabase}. */
  databaseUrl: string;
  clientId?: string;
  /** Default: a free port. */
  port?: number;
}

/**
 * Starts ltijs, an independent LTI 1.3 tool, in its own process. Its page shows the launch (`#who`, `#sub`, `#roles`, `#resource`,
 * `#context`, `#custom`) and has a button "Stuur score 8/10"; after a click, `#score` shows the score and the answer of the platform's
 * results service.
 */
export async function startLtijsTool({
  platformUrl,
  databaseUrl,
  clientId = 'ltijs',
  port = 0,
}: LtijsToolOptions): Promise<LtijsTool> {
  const child = fork(fileURLToPath(new URL('./ltijs-main.mjs', import.meta.url)), [], {
    env: { ...process.env, LTIJS_TOOL: JSON.stringify({ platformUrl, databaseUrl, clientId, port }) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints += chunk;
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { url: string }).url));
    child.once('exit', (code) => reject(new Error(`ltijs ended with code ${code}: ${complaints}`)));
  });
  return {
    url,
    registration: {
      key: 'ltijs',
      name: 'ltijs',
      clientId,
      deploymentId: '1',
      loginUrl: `${url}/login`,
      // ltijs uses the target link URI as its redirect URI.
      redirectUris: [`${url}/`],
      jwksUrl: `${url}/keys`,
      release: { name: true, email: false },
      scopes: [...serviceScopes],
      deepLinkingUrl: `${url}/`,
    },
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

/** An empty database on the suite's PostgreSQL server, or else on a server from npm that this function starts. */
export async function createLtijsDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await serverForTests();
  const { url, drop } = await createDatabase(server.url);
  return {
    url,
    drop: async () => {
      await drop();
      await server.stop();
    },
  };
}
