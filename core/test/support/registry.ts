import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from './packed.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

/**
 * What a registry would give, without one: our packages as `npm pack` makes them, unpacked; everybody else's linked from
 * this repository, which has them already.
 */
export class Registry {
  readonly #tarballs = new Map<string, string>();

  /** @param names packages of ours that it has; others of ours it does not know */
  constructor(...names: string[]) {
    const { folder, packages } = packAll();
    for (const { name, filename } of packages) if (names.includes(name)) this.#tarballs.set(name, join(folder, filename));
  }

  /** `npm install [--save-dev] [package or tarball…]` in a folder. */
  install(folder: string, given: readonly string[]): void {
    const file = join(folder, 'package.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string> | undefined>;
    const member = given.includes('--save-dev') ? 'devDependencies' : 'dependencies';
    const modules = join(folder, 'node_modules');
    this.#linkOthers(modules);
    for (const wanted of given.filter((word) => !word.startsWith('-'))) {
      const name = wanted.endsWith('.tgz') ? this.#add(resolve(folder, wanted)) : wanted;
      manifest[member] = { ...manifest[member], [name]: `file:${this.#tarballs.get(name)}` };
    }
    writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
    const { dependencies, devDependencies, peerDependencies } = manifest;
    const wanted = Object.keys({ ...peerDependencies, ...dependencies, ...devDependencies });
    for (const name of wanted) if (this.#tarballs.has(name)) this.#unpack(name, modules);
  }

  #add(tarball: string): string {
    const manifest = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
    const { name } = JSON.parse(manifest) as { name: string };
    this.#tarballs.set(name, tarball);
    return name;
  }

  #unpack(name: string, modules: string): void {
    const target = join(modules, name);
    if (existsSync(target)) return;
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', this.#tarballs.get(name) as string, '-C', target, '--strip-components=1']);
    const { bin = {} } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8')) as { bin?: Record<string, string> };
    for (const [command, script] of Object.entries(bin)) {
      const link = join(modules, '.bin', command);
      rmSync(link, { force: true });
      chmodSync(join(target, script), 0o755);
      symlinkSync(join(target, script), link);
    }
  }

  #linkOthers(modules: string): void {
    if (existsSync(modules)) return;
    const from = join(root, 'node_modules');
    for (const entry of readdirSync(from)) {
      if (entry === '@ilearn' || (entry.startsWith('.') && entry !== '.bin')) continue;
      const within =
        entry.startsWith('@') || entry === '.bin' ? readdirSync(join(from, entry)).map((each) => join(entry, each)) : [entry];
      for (const each of within) {
        mkdirSync(dirname(join(modules, each)), { recursive: true });
        symlinkSync(join(from, each), join(modules, each));
      }
    }
  }
}
