import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESSENTIAL, type Module, type Release } from './modules.js';
import { packageNameOf } from './names.js';
import { UsageError } from './usage-error.js';

const template = fileURLToPath(new URL('../template/', import.meta.url));

/** Files of the template whose names begin with a dot in the portal; npm would leave them out of the package, or follow them. */
const hidden = ['dockerignore', 'gitignore', 'npmrc'];

/** Configuration that a module needs to be of use at once; the others do with `{}`. */
const configurations: Record<string, object> = { 'connector-practice': { spawn: true } };

export interface NewPortal {
  folder: string;
  /** As people read it, checked by `checkName`. */
  name: string;
  modules: Module[];
  release: Release;
  /** Folder with packed packages (`ilearn-core-….tgz` …); null to use the registry. */
  tarballs: string | null;
}

/** @throws UsageError if something is there that would be overwritten */
export function refuseUsedFolder(folder: string): void {
  if (!existsSync(folder) || (statSync(folder).isDirectory() && readdirSync(folder).length === 0)) return;
  throw new UsageError(`${folder} already exists and is not empty. Nothing was changed.\nChoose another folder.`);
}

/**
 * Writes the folder of a portal that starts after `npm install`; on an error, writes nothing.
 *
 * @throws UsageError for a folder that is not empty, or missing tarballs
 */
export function writePortal({ folder, name, modules, release, tarballs }: NewPortal): void {
  refuseUsedFolder(folder);
  const draft = `${folder}.${process.pid}.new`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    cpSync(template, draft, { recursive: true });
    for (const name of hidden) renameSync(join(draft, name), join(draft, `.${name}`));
    for (const file of ['README.md', 'compose.yaml', 'Dockerfile']) fill(join(draft, file), name);
    const write = (file: string, text: string, mode = 0o666) => writeFileSync(join(draft, file), text, { mode });
    write('package.json', packageJson(name, modules, release, tarballs === null ? null : findTarballs(tarballs, folder)));
    write('ilearn.config.ts', configOf(modules));
    write('.env', environment);
    writeSecrets(join(draft, 'secrets'));
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
}

function fill(file: string, name: string): void {
  const [major] = process.versions.node.split('.');
  const values: Record<string, string> = { name, package: packageNameOf(name), node: major as string };
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(/__([a-z]+)__/g, (_, key: string) => values[key] as string),
  );
}

/** A packed package, as it is named in package.json. */
interface Tarball {
  /** From the folder of the portal. */
  relative: string;
  absolute: string;
}

function packageJson(name: string, modules: Module[], { base }: Release, tarballs: Map<string, Tarball> | null): string {
  const versions = { ...base, ...Object.fromEntries(modules.map((each) => [each.package, each.version])) };
  const dependencies = Object.entries(versions).map(([each, version]) => [each, tarballs === null ? version : find(each)]);
  function find(wanted: string): string {
    const found = tarballs?.get(wanted)?.relative;
    if (found === undefined) {
      throw new UsageError(
        `There is no ${fileNameOf(wanted)}-….tgz in the folder of --tarballs.\nMake it with: npm pack --workspace ${wanted}`,
      );
    }
    return found;
  }
  const manifest = {
    name: packageNameOf(name),
    private: true,
    version: '1.0.0',
    description: `The learning portal ${name}`,
    type: 'module',
    scripts: { start: 'ilearn start', dev: 'ilearn dev' },
    dependencies: Object.fromEntries(dependencies.sort(([one], [other]) => (`${one}` < `${other}` ? -1 : 1))),
    ...(tarballs === null ? {} : { overrides: notChosen(tarballs, Object.keys(versions)) }),
    engines: { node: '>=20.19' },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * npm looks up optional peers of the chosen modules, too, though it does not install them, and there may be no registry that has them. It
 * resolves relative addresses here from the package that has the peer.
 */
function notChosen(tarballs: Map<string, Tarball>, chosen: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...tarballs].filter(([name]) => !chosen.includes(name)).map(([name, { absolute }]) => [name, absolute]),
  );
}

function configOf(modules: Module[]): string {
  const lines = modules.map(({ id, package: name }) => {
    const configuration = configurations[id] ?? {};
    const members = Object.entries(configuration).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    return `    '${name}': ${members.length === 0 ? '{}' : `{ ${members.join(', ')} }`},`;
  });
  const required = modules.filter(({ id }) => ESSENTIAL.includes(id)).map((each) => `'${each.package}'`);
  return `import { defineConfig } from '@ilearn/core';

export default defineConfig({
  /** The plugins of this portal, each with its configuration. */
  plugins: {
${lines.join('\n')}
  },
  /** Without these the portal does not start; others may be out of service while the rest serves. */
  required: [${required.join(', ')}],
});
`;
}

/** What `docker compose` reads beside compose.yaml; `npm start` does not. */
const environment = `# Read by docker compose.

# The host at which browsers reach the portal, by https.
PUBLIC_HOST=localhost
`;

/**
 * Passwords and keys for compose.yaml, a file each. The folder keeps other users of this machine out; the files themselves can be read by the
 * user of a container, who has another number.
 */
function writeSecrets(folder: string): void {
  mkdirSync(folder, { mode: 0o700 });
  const password = () => randomBytes(24).toString('hex');
  const key = () => `base64:${randomBytes(32).toString('base64')}`;
  const portal = password();
  const backup = password();
  const secrets = {
    postgres_password: password(),
    portal_password: portal,
    database_url: `postgresql://portal:${portal}@database:5432/portal`,
    backup_password: backup,
    backup_database_url: `postgresql://portal_backup:${backup}@database:5432/portal`,
    secret_key: key(),
    backup_key: key(),
    metrics_token: password(),
  };
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, name), `${value}\n`, { mode: 0o644 });
}

const fileNameOf = (name: string): string => name.replace(/^@/, '').replace('/', '-');

/** Packed packages of a folder, by name. The last version wins. */
function findTarballs(tarballs: string, folder: string): Map<string, Tarball> {
  const files = existsSync(tarballs) ? readdirSync(tarballs) : [];
  const found = new Map<string, Tarball>();
  const address = (path: string) => `file:${path.split('\\').join('/')}`;
  for (const file of files.sort()) {
    const [, bare] = /^ilearn-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(basename(file)) ?? [];
    const path = join(tarballs, file);
    if (bare !== undefined) found.set(`@ilearn/${bare}`, { relative: address(relative(folder, path)), absolute: address(path) });
  }
  return found;
}
