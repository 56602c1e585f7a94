// Builds what changed: TypeScript of every package, then the code for browsers.
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const run = (script, args) => {
  try {
    execFileSync(process.execPath, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
  } catch (error) {
    process.exit(error.status ?? 1);
  }
};

run('node_modules/typescript/bin/tsc', ['-b']);
run('ui/bin/build.mjs', []);
