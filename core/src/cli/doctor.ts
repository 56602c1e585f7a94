import type { Check } from '../doctor/check.js';
import { checkDatabase } from '../doctor/database.js';
import { checkDataFolder, checkFiles, checkPublicUrl, checkRedis } from '../doctor/environment.js';
import { checkPackages } from '../doctor/packages.js';
import { CompositionError, type Fault, type Finding, failed, renderFindings } from '../foundation/diagnosis.js';
import { withTimeout } from '../foundation/timeout.js';
import { checkPlugins } from '../plugins/check.js';
import { readComposition } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';

const checks: Record<string, Check> = {
  Packages: checkPackages,
  'The data folder': checkDataFolder,
  'The database': checkDatabase,
  Files: checkFiles,
  Redis: checkRedis,
  PUBLIC_URL: checkPublicUrl,
};
/** Time limit of one check, so that a hanging one does not delay the others. */
const CHECK_SECONDS = 20;

/** Runs all checks of the portal's environment; exit code 2 if one finds a fault. */
export async function doctorCommand(argv: string[], root: string): Promise<number> {
  const { help } = parseOptions('doctor', argv, {});
  if (help) {
    printUsage('doctor', 'Looks for what is wrong with packages, database and surroundings. Changes nothing.', undefined, {});
    return 0;
  }
  const { settings, plugins, unloaded, faults, packages } = await readComposition(root);
  if (settings === null) throw new CompositionError(faults);
  const findings: Finding[] = [...faults, ...unloaded, ...checkPlugins(plugins).faults].map(asFinding);
  const ids = plugins.map(({ definition }) => definition.id);
  for (const [about, check] of Object.entries(checks)) {
    const late = () => new Error(`no answer within ${CHECK_SECONDS} seconds`);
    const found = withTimeout(CHECK_SECONDS, check({ root, settings, packages, plugins: ids }), late);
    findings.push(
      ...(await found.catch((error: Error) => [failed('', `${about}: ${error.message}.`, 'See why it does not answer.')])),
    );
  }
  console.log(renderFindings(findings));
  return findings.some(({ state }) => state === 'failed') ? 2 : 0;
}

const asFinding = ({ plugin, where, message, remedy }: Fault): Finding => failed('', `${plugin} › ${where}: ${message}`, remedy);
