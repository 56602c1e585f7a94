// `npm run chaos [part of a fault's name]`: makes each fault of production while people and a tool are at work, and prints what became of
// what they were told. nginx and libfaketime are used where the machine has them.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDebianPackage } from './system.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [only] = process.argv.slice(2);
for (const name of ['nginx-light', 'libfaketime']) installDebianPackage(name);
const files = ['chaos', 'chaos-embedded'].map((name) => `plugins/demo/test/${name}.test.ts`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project=once',
    '--retry=0',
    // Two portals under load at once would overload a machine of two cores.
    '--no-file-parallelism',
    ...files,
    ...(only === undefined ? [] : ['-t', only]),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ILEARN_CHAOS: 'full' } },
);
process.exit(status ?? 1);
