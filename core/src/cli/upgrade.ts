import { CommandError } from '../contract/work.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { createLog } from '../foundation/log.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import { liveProcesses } from '../lifecycle/process-registry.js';
import type { Platform } from '../platform/platform.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';
import { standingTables } from './pending-risks.js';
import { type Finding, findingsOf, findingsOfKernel, readStored, versionStep } from './upgrade/findings.js';

const known = {
  check: { type: 'boolean', help: 'Required: there is nothing else that this command does' },
  stopped: { type: 'boolean', help: 'Every process of the version before is stopped, so nothing needs to work beside it' },
} as const;

const marks: Record<Finding['effect'], string> = { fails: '✗', breaks: '✗', waits: '!', note: '·' };

/**
 * Says what the installed versions would need to take over the database that the environment names, and changes nothing. Exits with 2 if they
 * cannot run beside the version before.
 */
export async function upgradeCommand(argv: string[], root: string): Promise<number> {
  const { help, options } = parseOptions('upgrade', argv, known);
  if (help) {
    printUsage('upgrade', 'Says what the installed versions need to take over this database. Changes nothing.', '--check', known);
    return 0;
  }
  if (options['check'] !== true) {
    throw new CommandError(
      'Usage: ilearn upgrade --check\nUpgrading itself is installing the new versions, then: ilearn migrate',
    );
  }
  const { platform } = await openPlatform(root, { log: createLog('silent'), databaseFirst: true });
  try {
    return await check(platform, options['stopped'] === true);
  } finally {
    await platform.stop();
  }
}

async function check(platform: Platform, stopped: boolean): Promise<number> {
  const home = await platform.loadStoredStates();
  const standing = await standingTables(home);
  const stored = await readStored(home, standing);
  const processes = standing.has('kernel.processes') ? await liveProcesses(home.pool) : [];
  const { applied, newer } = await platform.migrate({ rehearse: true });
  console.log(`Kernel ${KERNEL_VERSION}`);
  const ofKernel = findingsOfKernel(applied['kernel'] ?? [], stored);
  report(applied['kernel'] ?? [], newer['kernel'] ?? [], ofKernel);
  const all = [...ofKernel];
  for (const plugin of platform.plugins) {
    const { id, definition } = plugin;
    const findings = findingsOf(plugin, applied[id] ?? [], stored);
    console.log(`${id} ${versionStep(stored.versions.get(id), definition.version)}`);
    report(applied[id] ?? [], newer[id] ?? [], findings);
    all.push(...findings);
  }
  await reportAbsent(home, platform, stored.versions);
  console.log('');
  if (processes.length > 0) console.log(`Running on this database: ${processes.map(({ name }) => name).join(', ')}.`);
  return conclude(all, stopped);
}

function report(pending: readonly string[], newer: readonly string[], findings: readonly Finding[]): void {
  if (pending.length > 0) console.log(`  migrations  ${pending.join(', ')}`);
  if (newer.length > 0) console.log(`  · The database is newer: it has ${newer.join(', ')}, which stay.`);
  for (const { effect, text, remedy } of findings) {
    console.log(`  ${marks[effect]} ${text}`);
    if (remedy !== undefined) console.log(`    → ${remedy}`);
  }
}

/** Plugins that the configuration no longer names, and work that waits for them. */
async function reportAbsent(
  { pool }: DatabaseHome,
  { composition }: Platform,
  versions: ReadonlyMap<string, string>,
): Promise<void> {
  const absent = [...versions.keys()].filter((id) => composition.find(id) === undefined);
  if (absent.length === 0) return;
  const { rows } = await pool.query<{ plugin: string; count: number }>(
    'select plugin, count(*)::int as count from kernel.messages where plugin = any($1) group by 1',
    [absent],
  );
  for (const id of absent) {
    const waiting = rows.find(({ plugin }) => plugin === id)?.count ?? 0;
    console.log(
      `${id} is no longer in ilearn.config.ts: its data are kept${waiting > 0 ? `, and ${waiting} messages wait for it` : ''}.`,
    );
  }
}

function conclude(findings: readonly Finding[], stopped: boolean): number {
  const count = (effect: Finding['effect']) => findings.filter((finding) => finding.effect === effect).length;
  const breaks = stopped ? 0 : count('breaks');
  const waits = stopped ? 0 : count('waits');
  if (count('fails') > 0)
    console.log('→ Work that waits would fail: let the version before finish it, or delete it, as named above (✗).');
  if (breaks > 0) {
    console.log(
      'The version before cannot work beside this one (✗).\n' +
        '→ Mend what is named, or stop every process of the version before, then: ilearn upgrade --check --stopped, ilearn migrate.',
    );
  }
  if (breaks > 0 || count('fails') > 0) return 2;
  const held = waits > 0 ? ' Requests are held up while tables are changed (!): choose a quiet hour.' : '';
  console.log(`The upgrade can begin: ilearn migrate, then restart the processes one by one.${held}`);
  return 0;
}
