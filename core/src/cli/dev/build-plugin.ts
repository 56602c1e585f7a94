import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { Problem } from './messages.js';

/** What of `@ilearn/ui/build` is used; a plugin's own copy is imported, since portals do without it. */
interface UiBuild {
  hasUi(folder: string): boolean;
  buildPluginUi(folder: string): Promise<unknown>;
}

/** Builds one plugin as its `npm run build` does, but keeps the last good files if anything is wrong. */
export class PluginBuilder {
  readonly #require: NodeJS.Require;
  #compiler: ChildProcess | undefined;
  #ui: Promise<UiBuild | null> | undefined;

  constructor(readonly folder: string) {
    this.#require = createRequire(pathToFileURL(`${folder}/`));
  }

  /** Returns what is wrong; empty if all is built. */
  async build(): Promise<Problem[]> {
    const [compiled, bundled] = await Promise.all([this.#compile(), this.#bundle()]);
    // The bundler stumbles over the same syntax errors.
    return compiled.length > 0 ? compiled : bundled;
  }

  stop(): void {
    this.#compiler?.kill();
  }

  async #compile(): Promise<Problem[]> {
    if (!existsSync(join(this.folder, 'tsconfig.json'))) return [];
    let compiler: string;
    try {
      const manifest = this.#require.resolve('typescript/package.json');
      compiler = join(dirname(manifest), (JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tsc: string } }).bin.tsc);
    } catch {
      return [{ where: this.folder, message: 'TypeScript is not installed.', remedy: 'npm install --save-dev typescript' }];
    }
    const cache = join(this.folder, 'node_modules', '.cache', 'ilearn-dev', 'tsbuildinfo');
    const args = ['--project', this.folder, '--pretty', 'false', '--noEmitOnError', '--incremental', '--tsBuildInfoFile', cache];
    const child = spawn(process.execPath, [compiler, ...args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#compiler = child;
    let printed = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
      });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (code === 0) return [];
    const found = [...printed.matchAll(/^(.+)\((\d+),(\d+)\): error (TS\d+: .*(?:\n {2,}.*)*)/gm)].map(
      ([, file, line, column, message]) => ({ where: `${file}:${line}:${column}`, message: message as string }),
    );
    return found.length > 0 ? found : [{ where: 'tsc', message: printed.trim() || `tsc ended with ${code}` }];
  }

  async #bundle(): Promise<Problem[]> {
    this.#ui ??= this.#importUi();
    const ui = await this.#ui;
    if (ui === null || !ui.hasUi(this.folder)) return [];
    try {
      await ui.buildPluginUi(this.folder);
      return [];
    } catch (error) {
      const { message, id, loc } = error as Error & { id?: string; loc?: { line: number; column: number; file?: string } };
      const file = loc?.file ?? id;
      const place = file === undefined ? 'src/ui.ts' : relative(this.folder, file);
      const where = loc === undefined ? place : `${place}:${loc.line}:${loc.column + 1}`;
      return [{ where, message: stripVTControlCharacters(message) }];
    }
  }

  async #importUi(): Promise<UiBuild | null> {
    let file: string;
    try {
      file = this.#require.resolve('@ilearn/ui/build');
    } catch {
      return null;
    }
    return (await import(pathToFileURL(file).href)) as UiBuild;
  }
}
