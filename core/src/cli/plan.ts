import type { CheckedPlugin } from '../plugins/loaded.js';
import { openPlatform } from './open-platform.js';
import { parseOptions, printUsage } from './options.js';

/** What the composition is and what migrating would do, found by rehearsing it in a transaction that is rolled back. */
export async function planCommand(argv: string[], root: string): Promise<number> {
  const { help } = parseOptions('plan', argv, {});
  if (help) {
    printUsage('plan', 'Shows what this composition adds and what migrating would change. Changes nothing.', undefined, {});
    return 0;
  }
  const { platform } = await openPlatform(root, { databaseFirst: true });
  try {
    for (const plugin of platform.plugins) describe(plugin);
    const { applied, newer } = await platform.migrate({ rehearse: true });
    console.log('Migrations to apply:');
    for (const [plugin, names] of Object.entries(applied)) console.log(`  ${plugin}: ${names.join(', ')}`);
    if (Object.keys(applied).length === 0) console.log('  none');
    for (const [plugin, names] of Object.entries(newer))
      console.log(`The database is newer than ${plugin}; it keeps ${names.join(', ')}.`);
    return 0;
  } finally {
    await platform.stop();
  }
}

function describe({ id, definition, origin, contributes }: CheckedPlugin): void {
  console.log(`${id} ${definition.version} (${origin})`);
  const line = (label: string, items: string[]) => {
    if (items.length > 0) console.log(`  ${label.padEnd(12)}${items.join(', ')}`);
  };
  line(
    'requires',
    Object.entries(definition.requires ?? {}).map(([other, range]) => `${other} ${range}`),
  );
  line('privileges', definition.privileges ?? []);
  line(
    'permissions',
    Object.entries(definition.permissions ?? {}).map(([name, roles]) => `${name} (${roles.join(', ')})`),
  );
  line('tables', Object.keys(definition.tables ?? {}));
  line(
    'routes',
    (definition.routes ?? []).map(({ method, path }) => `${method} /api/${id}${path}`),
  );
  line(
    'jobs',
    Object.entries(definition.jobs ?? {}).map(([name, { schedule }]) =>
      schedule === undefined ? name : `${name} (${schedule})`,
    ),
  );
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
    'commands',
    (definition.commands ?? []).map(({ name }) => name),
  );
  console.log('');
}
