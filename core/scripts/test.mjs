// `npm test`: the whole suite, the portal on a real PostgreSQL (TEST_DATABASE_URL when set, else one from npm that this script starts
// and removes), and what differs on PGlite there too. `npm run test:pglite`: the whole suite on PGlite. Redis: TEST_REDIS_URL, else a
// redis-server of the machine.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './chromium.mjs';
import { useMemoryFolder } from './memory-folder.mjs';
import { startPostgres } from './postgres.mjs';
import { startRedis } from './redis.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const [mode, ...rest] = process.argv.slice(2);
const onPglite = mode === '--pglite';
const asked = onPglite ? rest : process.argv.slice(2);

const run = (script, args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, script), ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });

const chromium = ensureChromium();
const removeFolder = useMemoryFolder();
const postgres = await startPostgres();
// Ends after the server, which has its data in it, also when the suite is interrupted.
process.once('exit', removeFolder);
let redis = { url: '', stop: async () => {} };
let failed = 0;
try {
  redis = await startRedis();
  if (asked.length === 0) failed += await run('node_modules/@biomejs/biome/bin/biome', ['check', '.']);
  failed += await run('node_modules/vitest/vitest.mjs', ['run', ...(onPglite ? ['--project=!pglite'] : []), ...asked], {
    CHROMIUM: chromium,
    // What the portal runs on; and what tests find that need a PostgreSQL server or a Redis whatever it runs on.
    ILEARN_TEST_POSTGRES: onPglite ? '' : postgres.url,
    // A given server may keep what an earlier run made.
    ILEARN_TEST_COPIES: process.env.TEST_DATABASE_URL ? '' : '1',
    ILEARN_POSTGRES: postgres.url,
    ILEARN_REDIS: redis.url,
  });
} finally {
  await redis.stop();
  await postgres.stop();
}
process.exit(failed === 0 ? 0 : 1);
