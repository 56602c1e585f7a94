// `npm test`: the whole suite on both databases. Vitest runs it once on PGlite, then the integration tests again on a real
// PostgreSQL: TEST_DATABASE_URL when set, else one from npm that this script starts and removes. Redis likewise: TEST_REDIS_URL, else
// a redis-server of the machine.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const asked = process.argv.slice(2);

const run = (script, args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
const vitest = (label, args, env) => {
  console.log(`\n── ${label}`);
  return run('node_modules/vitest/vitest.mjs', ['run', ...args, ...asked], env);
};

const chromium = ensureChromium();
const postgres = await startPostgres();
let redis = { url: '', stop: async () => {} };
let failed = 0;
try {
  redis = await startRedis();
  if (asked.length === 0) failed += await run('node_modules/@biomejs/biome/bin/biome', ['check', '.']);
  // Tests that need a PostgreSQL server whatever the portal runs on (ltijs), or a Redis, find them here.
  const env = { CHROMIUM: chromium, ILEARN_POSTGRES: postgres.url, ILEARN_REDIS: redis.url };
  failed += await vitest('everything, the portal on PGlite', [], { ...env, ILEARN_TEST_POSTGRES: '' });
  failed += await vitest('the portal on PostgreSQL', ['--project', 'database'], { ...env, ILEARN_TEST_POSTGRES: postgres.url });
} finally {
  await redis.stop();
  await postgres.stop();
}
process.exit(failed === 0 ? 0 : 1);
