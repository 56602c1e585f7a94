import type { AddressInfo } from 'node:net';
import { createToolKey } from './lti/tool-key.js';
import { readOptions, UsageError, usage } from './options.js';
import { platformAt } from './platform.js';
import { createToolServer } from './server.js';
import { currentTime, setTime } from './time.js';

/** Exit codes: 2 invalid options, 3 the port is taken. */
const log = (line: string) => console.log(`${currentTime().toISOString()} ${line}`);

function end(code: number, message: string): never {
  console.error(message);
  process.exit(code);
}

function options() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    if (error instanceof UsageError) end(2, `${error.message}\n\n${usage}`);
    throw error;
  }
}

const { port, host, url, platform, clientId, deploymentId, time } = options();
if (time !== undefined) setTime(time);
const server = createToolServer({ platform: platformAt(platform, clientId, deploymentId), url, key: await createToolKey(), log });

server.once('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE')
    end(3, `Port ${port} is taken by another program. Stop that program, or give this tool another port with --port.`);
  end(1, error.message);
});
server.listen(port, host, () => {
  log(`practice tool on ${url} (port ${(server.address() as AddressInfo).port}), for the portal at ${platform}`);
  process.send?.({ listening: url });
});

function stop(): void {
  server.close(() => process.exit(0));
  server.closeAllConnections();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// If a portal started this process, stop when the portal ends, even by a crash.
process.once('disconnect', stop);
