// `npm run load`: a school morning. 2,000 pupils sign in within ten minutes, open paths, launch a tool that sends scores; 50 teachers watch the
// boards of their classes; a backup is made meanwhile. Prints percentiles, failures and memory. `npm run load -- --soak` plays six mornings of ten
// minutes, and fails if the processes grow. LOAD_PUPILS, LOAD_MINUTES, LOAD_ROUNDS, LOAD_STEPS, LOAD_TEACHERS, LOAD_THINK_SECONDS and LOAD_WEBS
// change the figures. nginx is used where the machine has it.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const soak = process.argv.includes('--soak');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project=once', '--retry=0', 'plugins/demo/test/morning.test.ts'],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ILEARN_LOAD: '1', ...(soak ? { LOAD_ROUNDS: process.env.LOAD_ROUNDS ?? '6' } : {}) },
  },
);
process.exit(status ?? 1);
