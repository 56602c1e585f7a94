import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from './support.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const file = 'plugins/directory/test/limits.test.ts';

/** Milliseconds, the median of nine, that this machine needs to parse 1 MiB of JSON in one go: what a single delay may be compared with. */
function reference() {
  const text = `[${'7,'.repeat(512 * 1024 - 1)}7]`;
  const times = Array.from({ length: 9 }, () => {
    const from = performance.now();
    JSON.parse(text);
    return performance.now() - from;
  });
  return median(times);
}

/** How long others wait for the event loop while the costliest rosters are imported: the test of the limits, with inputs of full size. */
export async function measureLoop(server) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project=database', '--retry=0', file, '-t', 'attack 2: an import'],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ILEARN_LONG_TESTS: '1', ILEARN_TEST_POSTGRES: server, NO_COLOR: '1' } },
  );
  if (status !== 0) throw new Error(`${file} failed:\n${stdout}\n${stderr}`);
  console.log('Delay of the event loop during imports, in milliseconds (99th percentile, longest)');
  console.log(`  ${reference().toFixed(0).padStart(4)}        reference: 1 MiB of JSON parsed`);
  for (const line of stdout.match(/^delay: .*$/gm) ?? []) console.log(`  ${line.slice('delay: '.length)}`);
}
