import type { PluginDefinition } from '../contract/plugin.js';
import { startSlot } from '../contract/shell-slots.js';
import { SUPPORTED_CONTRACTS } from '../contract/version.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { schemaOf } from '../database/names.js';
import { findDuplicates } from '../doctor/packages.js';
import { CompositionError, renderDiagnosis } from '../foundation/diagnosis.js';
import { createLog } from '../foundation/log.js';
import { nearestName } from '../foundation/nearest-name.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import type { Composition } from '../plugins/composition.js';
import { describeRange } from '../plugins/contract-number.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';
import { pendingRisks, standingTables } from './pending-risks.js';

/** Shows the composition and what migrating would change, by rehearsing it in a transaction that is rolled back. */
export async function planCommand(argv: string[], root: string): Promise<number> {
  const { help } = parseOptions('plan', argv, {});
  if (help) {
    printUsage('plan', 'Shows what this composition adds and what migrating would change. Changes nothing.', undefined, {});
    return 0;
  }
  const { platform, packages, operatorHosts } = await openPlatform(root, { log: createLog('silent'), databaseFirst: true });
  try {
    const home = await platform.loadStoredStates();
    console.log(`Kernel ${KERNEL_VERSION} (${describeRange(SUPPORTED_CONTRACTS)})\n`);
    const present = new Set(platform.plugins.map(({ id }) => id));
    for (const plugin of platform.plugins) describe(plugin, present, operatorHosts[plugin.id]?.hosts ?? []);
    await describeDifferences(home, platform.composition);
    for (const finding of findDuplicates(root, packages)) console.log(renderDiagnosis(finding, '', '  '));
    const standing = await standingTables(home);
    const { applied, newer } = await platform.migrate({ rehearse: true });
    console.log('Migrations to apply:');
    for (const [plugin, names] of Object.entries(applied)) {
      console.log(`  ${plugin}: ${names.join(', ')}`);
      const migrations = platform.plugins.find(({ id }) => id === plugin)?.definition.migrations ?? [];
      for (const { migration, line, table, what, remedy } of pendingRisks(migrations, names, schemaOf(plugin), standing))
        console.log(`    ! ${migration}, line ${line}: ${table} ${what}\n      → ${remedy}`);
    }
    if (Object.keys(applied).length === 0) console.log('  none');
    for (const [plugin, names] of Object.entries(newer))
      console.log(`The database is newer than ${plugin}; it keeps ${names.join(', ')}.`);
    return 0;
  } catch (error) {
    if (error instanceof CompositionError) describeQuarantines(platform.composition);
    throw error;
  } finally {
    await platform.stop();
  }
}

/** Compares the plugins in the database with those in the configuration. */
async function describeDifferences({ pool }: DatabaseHome, { entries }: Composition): Promise<void> {
  const { rows } = await pool.query<{ there: boolean }>(`select to_regclass('kernel.plugins') is not null as there`);
  const known =
    rows[0]?.there === true ? (await pool.query<{ id: string }>('select id from kernel.plugins order by id')).rows : [];
  const fresh = entries.filter(({ id }) => !known.some((row) => row.id === id)).map(({ id }) => id);
  const disabled = entries.filter(({ state }) => state.state === 'disabled').map(({ id }) => id);
  const orphans = known.map(({ id }) => id).filter((id) => !entries.some((entry) => entry.id === id));
  if (fresh.length > 0) console.log(`New here: ${fresh.join(', ')}.`);
  if (disabled.length > 0) console.log(`Disabled: ${disabled.join(', ')}.`);
  const unloaded = entries.filter(({ loaded, state }) => loaded === null && state.state === 'quarantined');
  for (const id of orphans) {
    // A mistyped package name must not lead to the advice to purge data.
    const meant = nearestName(
      id,
      unloaded.map((entry) => entry.id),
    );
    const typo = unloaded.find((entry) => entry.id === meant);
    console.log(
      typo === undefined
        ? `${id} is in the database and no longer in ilearn.config.ts: its data are kept. → ilearn plugin purge ${id}`
        : `${id} is in the database and no longer in ilearn.config.ts: its data are kept. → Did you misspell it as "${typo.origin}"?`,
    );
  }
}

function describeQuarantines({ entries }: Composition): void {
  const out = entries.flatMap(({ id, state }) =>
    state.state === 'quarantined' ? [`${id} (${state.phase}: ${state.code})`] : [],
  );
  if (out.length > 0) console.log(`Would be out of service: ${out.join(', ')}.`);
}

/** The hosts that the plugin may call over HTTP. */
const callsOf = ({ http }: PluginDefinition, ofOperator: readonly string[]): string[] =>
  http === undefined
    ? []
    : [
        ...(http.hosts ?? []),
        ...ofOperator.map((host) => `${host} (named by the operator)`),
        ...(http.named === undefined ? [] : [`any public host (${http.named})`]),
        ...(http.operator === undefined || ofOperator.length > 0 ? [] : [`hosts that you name (${http.operator})`]),
        ...(http.sockets === undefined ? [] : [`by connections of its own (${http.sockets})`]),
      ];

function describe(
  { id, definition, origin, contract, contributes }: CheckedPlugin,
  present: ReadonlySet<string>,
  operatorHosts: readonly string[],
): void {
  console.log(`${id} ${definition.version} (${origin})`);
  const line = (label: string, items: string[]) => {
    if (items.length > 0) console.log(`  ${label.padEnd(12)}${items.join(', ')}`);
  };
  line('contract', [String(contract)]);
  line(
    'requires',
    Object.entries(definition.requires ?? {}).map(([other, range]) => `${other} ${range}`),
  );
  line(
    'optional',
    Object.entries(definition.optional ?? {}).map(
      ([other, range]) => `${other} ${range}${present.has(other) ? '' : ' (absent: what it does there is left out)'}`,
    ),
  );
  line('privileges', definition.privileges ?? []);
  line(
    'permissions',
    Object.entries(definition.permissions ?? {}).map(([name, roles]) => `${name} (${roles.join(', ')})`),
  );
  line(
    'scopes',
    Object.keys(definition.scopes ?? {}).map((name) => {
      const routes = (definition.routes ?? []).filter(
        ({ machines }) => machines !== undefined && 'scope' in machines && machines.scope === name,
      );
      return `${id}.${name} (${routes.map(({ method, path }) => `${method} ${path}`).join(', ') || 'no route'})`;
    }),
  );
  line(
    'roles',
    Object.entries(definition.roles ?? {}).map(([role, kinds]) => `${role} (in a ${[kinds].flat().join(' or ')})`),
  );
  line('tenants', definition.tenantKinds ?? []);
  line(
    'tables',
    Object.keys(definition.tables ?? {}).filter((name) => definition.files?.[name] === undefined),
  );
  line(
    'files',
    Object.entries(definition.files ?? {}).map(
      ([kind, { types, maxBytes, encrypt }]) =>
        `${kind} (${types.join(' ')}, at most ${maxBytes} bytes${encrypt === true ? ', encrypted' : ''})`,
    ),
  );
  line(
    'settings',
    Object.entries(definition.settings ?? {}).map(([part, schema]) => `${part}: ${Object.keys(schema?.shape ?? {}).join(' ')}`),
  );
  line(
    'routes',
    (definition.routes ?? []).map(({ method, path }) => `${method} /api/${id}${path}`),
  );
  line(
    'jobs',
    Object.entries(definition.jobs ?? {}).map(([name, { schedule, timeZone }]) =>
      schedule === undefined ? name : `${name} (${schedule}${timeZone === 'UTC' ? ' UTC' : ''})`,
    ),
  );
  line(
    'live',
    Object.entries(definition.live ?? {}).map(([name, { permission }]) => `${name} (${permission})`),
  );
  line('calls', callsOf(definition, operatorHosts));
  line('listens to', Object.keys(definition.on ?? {}));
  line(
    'fills',
    Object.entries(contributes).map(([point, values]) => `${point} × ${values.length}`),
  );
  line(
    'pages',
    (definition.ui?.pages ?? []).map(({ path }) => path),
  );
  line(
    'start page',
    (definition.ui?.slots ?? [])
      .filter(({ slot }) => slot === startSlot)
      .map(({ tag, permission, size = 'half' }) => `${tag} (${permission}, ${size})`),
  );
  line(
    'commands',
    (definition.commands ?? []).map(({ name }) => name),
  );
  console.log('');
}
