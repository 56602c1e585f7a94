// `npm run load`: a school morning. By default 2,000 pupils sign in within ten minutes, open paths, launch a tool that sends scores; 50 teachers
// watch the boards of their classes; a roster of 2,000 people is taken over and a backup is made meanwhile. Prints percentiles, failures and
// memory. `npm run load -- --soak 60` plays mornings for an hour, and fails if the processes grow. nginx is used where the machine has it.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const usual = { pupils: 2_000, minutes: 10, teachers: 50, steps: 3, 'think-seconds': 5, webs: 2, workers: 1, soak: 0 };
const options = Object.fromEntries(Object.keys(usual).map((name) => [name, { type: 'string' }]));

function figures() {
  try {
    const { values } = parseArgs({ options });
    return Object.entries({ ...usual, ...values }).map(([name, value]) => {
      const figure = Number(value);
      if (!(figure >= 0)) throw new Error(`--${name} must be a number, not ${JSON.stringify(value)}`);
      return [`LOAD_${name.toUpperCase().replace('-', '_')}`, `${figure}`];
    });
  } catch (error) {
    console.error(
      `${error.message}\nnpm run load -- [${Object.entries(usual)
        .map((each) => `--${each.join(' ')}`)
        .join('] [')}]`,
    );
    process.exit(2);
  }
}

const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project=once', '--retry=0', 'plugins/demo/test/morning.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ILEARN_LOAD: '1', ...Object.fromEntries(figures()) } },
);
process.exit(status ?? 1);
