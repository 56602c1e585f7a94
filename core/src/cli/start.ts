import { once } from 'node:events';
import { ControlSocket, controlAddress } from '../lifecycle/control-socket.js';
import { renderFaults } from '../plugins/fault.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';
import { surviveStrays } from './strays.js';

/** Serves until SIGINT or SIGTERM; a second signal ends at once. */
export async function startCommand(argv: string[], root: string): Promise<number> {
  const { help } = parseOptions('start', argv, {});
  if (help) {
    printUsage('start', 'Brings the database up to date and serves the portal.', undefined, {});
    return 0;
  }
  const { platform, settings, log } = await openPlatform(root, { databaseFirst: true });
  surviveStrays(platform, log);
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  // The embedded database is open to this process alone: commands about plugins come in here.
  const control =
    settings.databaseUrl === undefined
      ? new ControlSocket(controlAddress(settings.dataDir), (input) => platform.operate(input))
      : null;
  try {
    await platform.start();
    await control?.listen();
  } catch (error) {
    await platform.stop();
    throw error;
  }
  console.log(`\ni-Learn started in ${(platform.report.totalMs / 1000).toFixed(1)} s`);
  console.log(platform.report.render());
  console.log(
    `  data    ${settings.databaseUrl === undefined ? `embedded PostgreSQL in ${settings.dataDir}` : 'PostgreSQL at DATABASE_URL'}`,
  );
  const { faults } = platform.composition;
  if (faults.length > 0) console.error(`\n${renderFaults(faults, 'The portal runs without the plugins named here')}`);
  for (const line of platform.announcements) console.log(line);
  console.log(`\nThe portal is ready at ${platform.portal.url}   (Ctrl-C stops it)\n`);

  await stopped;
  console.log('\nStopping: requests and jobs under way end first …');
  const impatient = () => process.exit(130);
  process.once('SIGINT', impatient);
  await control?.close();
  await platform.stop();
  console.log('Stopped.');
  process.off('SIGINT', impatient);
  return 0;
}
