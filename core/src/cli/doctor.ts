import type { Check } from '../doctor/check.js';
import { checkDatabase } from '../doctor/database.js';
import { checkDataFolder, checkFiles, checkPublicUrl, checkRedis } from '../doctor/environment.js';
import { checkPackages } from '../doctor/packages.js';
import { checkSecrets, checkServer } from '../doctor/strength.js';
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
/** For production only: a portal on the author's own machine may be weak. */
const strengthChecks: Record<string, Check> = { Secrets: checkSecrets, 'The server': checkServer };
const known = {
  strict: { type: 'boolean', help: 'Also look for what is weak in production, and exit with 2 if anything is' },
} as const;
/** Time limit of one check, so that a hanging one does not delay the others. */
const CHECK_SECONDS = 20;

/**
 * Runs all checks of the portal's environment; exit code 2 if one finds a fault, or, with `--strict`, a weakness. With NODE_ENV=production
 * weaknesses are shown in any case.
 */
export async function doctorCommand(argv: string[], root: string): Promise<number> {
  const { help, options } = parseOptions('doctor', argv, known);
  if (help) {
    printUsage('doctor', 'Looks for what is wrong with packages, database and surroundings. Changes nothing.', undefined, known);
    return 0;
  }
  const { settings, plugins, unloaded, faults, packages } = await readComposition(root);
  if (settings === null) throw new CompositionError(faults);
  const findings: Finding[] = [...faults, ...unloaded, ...checkPlugins(plugins).faults].map(asFinding);
  const ids = plugins.map(({ definition }) => definition.id);
  const keepsFiles = plugins.some(({ definition: { files = {} } }) => Object.keys(files).length > 0);
  const strict = options['strict'] === true;
  const all = strict || process.env['NODE_ENV'] === 'production' ? { ...checks, ...strengthChecks } : checks;
  for (const [about, check] of Object.entries(all)) {
    const late = () => new Error(`no answer within ${CHECK_SECONDS} seconds`);
    const found = withTimeout(CHECK_SECONDS, check({ root, settings, packages, plugins: ids, keepsFiles }), late);
    findings.push(
      ...(await found.catch((error: Error) => [failed('', `${about}: ${error.message}.`, 'See why it does not answer.')])),
    );
  }
  console.log(renderFindings(findings));
  return findings.some(({ state }) => state === 'failed' || (strict && state === 'weak')) ? 2 : 0;
}

const asFinding = ({ plugin, where, message, remedy }: Fault): Finding => failed('', `${plugin} › ${where}: ${message}`, remedy);
