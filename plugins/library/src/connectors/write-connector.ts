import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONTRACT_VERSION, CommandError } from '@ilearn/core';

export interface NewConnector {
  /** Key of the tool: lower-case words joined by hyphens. */
  key: string;
  /** Folder in which `ilearn-plugin-connector-<key>` is created. */
  parent: string;
  /** With an LTI registration and a scored exercise, instead of links. */
  lti: boolean;
}

const longestKey = 30;

/**
 * Writes a connector that passes `ilearn plugin check` unchanged; on an error, writes nothing.
 *
 * @returns its folder
 * @throws CommandError for an invalid key or a folder that is not empty
 */
export function writeConnector({ key, parent, lti }: NewConnector): string {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(key) || key.length > longestKey) {
    throw new CommandError(
      `"${key}" cannot be the name of a connector.\nUse lower-case words joined by hyphens, such as "word-trainer", at most ${longestKey} characters.`,
    );
  }
  const name = key.replace(/^connector-/, '');
  const folder = join(parent, `ilearn-plugin-connector-${name}`);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new CommandError(`${folder} already exists and is not empty.\nChoose another name, or another place: --in <folder>.`);
  }
  const draft = `${folder}.${process.pid}.new`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(draft);
    for (const [file, text] of Object.entries(filesOf(name, lti))) writeFileSync(join(draft, file), text);
    if (existsSync(folder)) rmSync(folder, { recursive: true });
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

const titleOf = (key: string): string =>
  key.replace(/(^|-)([a-z])/g, (_, before, letter) => `${before && ' '}${letter.toUpperCase()}`);

function filesOf(key: string, lti: boolean): Record<string, string> {
  const name = `ilearn-plugin-connector-${key}`;
  const manifest = {
    name,
    version: '0.1.0',
    description: `${titleOf(key)} for i-Learn`,
    keywords: ['ilearn-plugin', 'ilearn-connector'],
    license: 'Apache-2.0',
    type: 'module',
    ilearn: { contract: CONTRACT_VERSION },
    exports: { '.': './index.js', './package.json': './package.json' },
    files: ['index.js', 'logo.svg'],
    // The portal provides one copy of each for all plugins.
    peerDependencies: {
      '@ilearn/core': '>=0.1.0',
      '@ilearn/plugin-library': '^0.1.0',
      ...(lti ? { '@ilearn/plugin-lti': '^0.1.0' } : {}),
    },
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'index.js': sourceOf(key, lti),
    'logo.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="#33566b"/><circle cx="24" cy="24" r="11" fill="none" stroke="#fff" stroke-width="4"/></svg>\n',
    'README.md': `# ${titleOf(key)} for i-Learn\n\nA connector: it adds ${titleOf(key)} to the library of an i-Learn portal. Install it in the portal's folder with\n\`npm install ${name}\`, and name it in \`ilearn.config.ts\`, under \`plugins\`: \`'${name}': {}\`.\n\n\`index.js\` is all there is. What each member means is in \`docs/connectors.md\` of \`@ilearn/core\`.\n`,
  };
}

const sourceOf = (key: string, lti: boolean): string => `import { defineConnector } from '@ilearn/plugin-library/connector';

export default defineConnector({
  id: 'connector-${key}',
  version: '0.1.0',
  name: '${titleOf(key)}',
  provider: '${titleOf(key)}',
  description: 'Oefeningen voor de lagere school.',
  logo: new URL('./logo.svg', import.meta.url),
  languages: ['nl'],
  ages: { from: 6, to: 12 },
  price: 'free',
  account: 'none',
  data: [],
  privacyStatement: 'https://${key}.example/privacy',
  help: 'https://${key}.example/help',
${
  lti
    ? `  lti: {
    clientId: '${key}',
    deploymentId: '1',
    loginUrl: 'https://${key}.example/login',
    redirectUris: ['https://${key}.example/launch'],
    jwksUrl: 'https://${key}.example/jwks',
  },
`
    : ''
}  activities: [
    {
      key: 'first',
      title: 'Een eerste oefening',
      minutes: 10,
      conceptUris: ['http://ilearn.ilabt.imec.be/vocab/curr2/s-getallen'],
      ${lti ? `lti: { targetLinkUri: 'https://${key}.example/launch', custom: { exercise: 'first' }, scoreMaximum: 10 },` : `url: 'https://${key}.example/first',`}
    },
  ],
});
`;
