// `npm run release:check`: what `lerna publish from-package` would publish, in which order, and whether it would work: the manifests, then the
// tests that look into all tarballs, install them in an empty folder and start a portal of them. Publishes nothing, and asks no registry.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import semver from 'semver';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** @returns {Record<string, any>[]} the package.json of each package that is published, by name */
export function readPackages() {
  const folders = [
    'core',
    'core/create',
    'core/client',
    'ui',
    ...readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`),
  ];
  return folders
    .map((folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')))
    .filter((manifest) => manifest.private !== true);
}

const needsOf = (manifest) => ({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies });

/** Each package after those that it needs: whoever installs one while others are being published finds all of them. */
export function publishingOrder(packages) {
  const known = new Map(packages.map((each) => [each.name, each]));
  const order = new Set();
  const visit = (manifest, above) => {
    if (order.has(manifest) || above.includes(manifest)) return;
    // Optional peers may need each other.
    for (const name of Object.keys(needsOf(manifest))) if (known.has(name)) visit(known.get(name), [...above, manifest]);
    order.add(manifest);
  };
  for (const manifest of packages) visit(manifest, []);
  return [...order];
}

/** Why the packages cannot be published together; empty if they can. */
export function releaseFaults(packages) {
  const versions = new Map(packages.map(({ name, version }) => [name, version]));
  const faults = [];
  for (const manifest of packages) {
    const { name, version, license, engines, publishConfig } = manifest;
    if (semver.valid(version) === null) faults.push(`${name}: ${version} is no version`);
    if (license !== 'Apache-2.0') faults.push(`${name}: the licence is ${license}`);
    if (engines?.node === undefined) faults.push(`${name}: engines.node is missing`);
    if (publishConfig?.access !== 'public')
      faults.push(`${name}: publishConfig.access is not public, so npm would refuse it, or hide it`);
    for (const [needed, range] of Object.entries(needsOf(manifest))) {
      if (/^(file|link|workspace|git|https?):/.test(range)) faults.push(`${name}: ${needed} comes from ${range}`);
      const found = versions.get(needed);
      if (found !== undefined && !semver.satisfies(found, range))
        faults.push(`${name}: needs ${needed} ${range}, but ${found} would be published`);
      if (found === undefined && needed.startsWith('@ilearn/')) faults.push(`${name}: needs ${needed}, which is not published`);
    }
  }
  if (versions.get('@ilearn/core') !== versions.get('@ilearn/ui'))
    faults.push('@ilearn/core and @ilearn/ui have different versions');
  return faults;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = readPackages();
  const faults = releaseFaults(packages);
  for (const { name, version } of publishingOrder(packages)) console.log(`${name}@${version}`);
  for (const fault of faults) console.error(`✗ ${fault}`);
  if (faults.length > 0) process.exit(1);
  const tests = ['packages', 'create-ilearn', 'plugin-new'].map((name) => `core/test/${name}.test.ts`);
  const { status } = spawnSync(process.execPath, [join(root, 'core/scripts/test.mjs'), '--retry=0', ...tests], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}
