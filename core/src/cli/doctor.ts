import { checkDatabase } from '../doctor/database.js';
import type { Check, Finding } from '../doctor/finding.js';
import { checkPackages } from '../doctor/packages.js';
import { checkDataFolder, checkPublicUrl, checkRedis } from '../doctor/surroundings.js';
import { checkPlugins } from '../plugins/check.js';
import { CompositionError, type Fault } from '../plugins/fault.js';
import { readComposition } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';

const checks: Check[] = [checkPackages, checkDataFolder, checkDatabase, checkRedis, checkPublicUrl];

/** Looks at everything around the portal that can be wrong; exit code 2 when something is. */
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
  for (const check of checks) {
    findings.push(...(await check({ root, settings, packages, plugins: ids })));
  }
  for (const { what, mend } of findings) console.log(mend === undefined ? `✓ ${what}` : `✗ ${what}\n  → ${mend}`);
  return findings.some(({ mend }) => mend !== undefined) ? 2 : 0;
}

const asFinding = ({ plugin, where, message, mend }: Fault): Finding => ({ what: `${plugin} › ${where}: ${message}`, mend });
