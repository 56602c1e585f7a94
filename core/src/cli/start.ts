import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRole } from '../config/settings.js';
import { CommandError } from '../contract/work.js';
import { findDuplicates } from '../doctor/packages.js';
import { renderDiagnosis, renderFaults, STARTS_WITHOUT } from '../foundation/diagnosis.js';
import { withTimeout } from '../foundation/timeout.js';
import { ControlSocket, controlAddress } from '../lifecycle/control-socket.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';
import { StopSignals } from './stop-signals.js';
import { logUnhandledErrors } from './unhandled-errors.js';

const known = {
  only: { type: 'string', help: 'web (answers requests, runs no jobs) or worker (runs jobs, serves no pages)' },
} as const;
/** Longer than the grace periods of requests (10 s) and jobs (twice 15 s), so that a hanging database does not keep the process alive. */
const STOP_SECONDS = 45;
const roles = { web: '; run by the workers', worker: '; run here', both: '' };

function readRole(only: unknown): ProcessRole | undefined {
  if (only === undefined || only === 'web' || only === 'worker') return only;
  throw new CommandError(`--only takes web or worker, not "${only}".\nSee: ilearn start --help`);
}

/** Serves until SIGINT or SIGTERM, then waits for running requests and jobs; a second Ctrl-C stops at once. */
export async function startCommand(argv: string[], root: string): Promise<number> {
  const { help, options } = parseOptions('start', argv, known);
  if (help) {
    printUsage('start', 'Brings the database up to date and serves the portal.', undefined, known);
    return 0;
  }
  const only = readRole(options['only']);
  const { platform, settings, log, packages } = await openPlatform(root, { databaseFirst: true, only, serves: true });
  logUnhandledErrors(platform, log);
  const signals = new StopSignals(settings.databaseUrl !== undefined);
  // Only this process can open the embedded database, so plugin commands arrive through a socket.
  const control =
    settings.databaseUrl === undefined
      ? new ControlSocket(controlAddress(settings.dataDir), (input) => platform.operate(input))
      : null;
  try {
    await platform.start();
    (await platform.home()).onLost?.((error) => {
      log.error({ err: error.message }, 'the database is lost');
      console.error(error.message);
      // Exit at once, because an orderly stop would write to the database.
      process.exit(2);
    });
    await control?.listen();
    signals.started();
  } catch (error) {
    await withTimeout(STOP_SECONDS, platform.stop(), () => new Error('stop')).catch(() => {});
    throw error;
  }
  console.log(`\ni-Learn started in ${(platform.report.totalMs / 1000).toFixed(1)} s`);
  console.log(platform.report.render());
  console.log(
    `  data    ${settings.databaseUrl === undefined ? `embedded PostgreSQL in ${settings.dataDir}` : 'PostgreSQL at DATABASE_URL'}`,
  );
  console.log(
    `  jobs    ${settings.redisUrl === undefined ? 'on the database' : 'on the Redis of REDIS_URL'}${roles[only ?? 'both']}`,
  );
  const { faults } = platform.composition;
  if (faults.length > 0) console.error(`\n${renderFaults(faults, STARTS_WITHOUT)}`);
  for (const finding of findDuplicates(root, packages)) console.error(`\n${renderDiagnosis(finding, '', '  ')}`);
  for (const line of platform.announcements) {
    if (typeof line === 'string') console.log(line);
    else void line.then((text) => console.log(text));
  }
  const what = only === 'worker' ? 'The worker is ready; /health and /metrics are' : 'The portal is ready';
  console.log(`\n${what} at ${platform.portal.url}   (Ctrl-C stops it)\n`);

  const signal = await signals.received;
  console.log('\nStopping: waiting for running requests and jobs …');
  const stop = async () => {
    platform.announceStop();
    // Wait for load balancers only after SIGTERM, not after Ctrl-C.
    if (signal === 'SIGTERM') await sleep(settings.stopDelaySeconds * 1_000);
    await control?.close();
    await platform.stop();
  };
  const late = () => new CommandError(`Not everything ended within ${STOP_SECONDS} seconds; the rest is aborted.`, 1);
  await withTimeout(settings.stopDelaySeconds + STOP_SECONDS, stop(), late);
  console.log('Stopped.');
  signals.close();
  return 0;
}
