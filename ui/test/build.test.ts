import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssetManifest, buildPluginUi, LIT_SPECIFIERS } from '@ilearn/ui/build';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  // Below this package, so that what a plugin might wrongly bundle can be found.
  folder = await mkdtemp(fileURLToPath(new URL('./fixtures/tmp-', import.meta.url)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function plugin(files: Record<string, string>): Promise<string> {
  count += 1;
  const root = join(folder, `p${count}`);
  await mkdir(join(root, 'src'), { recursive: true });
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: `@partner/p${count}`, type: 'module' }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, 'src', name), text);
  return root;
}
const built = (root: string) => readFile(join(root, 'dist/ui/index.js'), 'utf8');

const element = `
import { PortalElement } from '@ilearn/ui';
import { html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
@customElement('p-page')
export class Page extends PortalElement {
  @property() label = '';
  @state() private rows: string[] = [];
  declare undecorated: string;
  override render() { return html\`\${this.label}\${repeat(this.rows, (row) => row, (row) => html\`<p>\${row}</p>\`)}\`; }
}`;

describe("the build of a plugin's pages", () => {
  it('creates one module with external Lit and @ilearn/ui, lowered decorators, and no class fields over reactive properties', async () => {
    const root = await plugin({ 'ui.ts': element });
    await buildPluginUi(root);
    const code = await built(root);
    const imports = [...code.matchAll(/from\s*["']([^"']+)["']/g)].map((match) => match[1]);
    expect(imports.sort()).toEqual(['@ilearn/ui', 'lit', 'lit/decorators.js', 'lit/directives/repeat.js']);
    expect(code).not.toMatch(/@customElement|@property/);
    expect(code).not.toMatch(/^\s*label\s*=/m);
    expect(code.length).toBeLessThan(3000);
  });

  it.each([
    [
      'a part of Lit that the page does not share',
      "import 'lit-html/private-ssr-support.js';",
      /lit-html\/private-ssr-support\.js.*second copy of Lit/s,
    ],
    ['a misspelt directive', "import 'lit/directives/repeat';", /second copy of Lit/],
    ['Lit by its path', "import '../../../../../../node_modules/lit-html/lit-html.js';", /lit-html would be bundled/],
    ['Web Awesome', "import '@awesome.me/webawesome/dist/components/button/button.js';", /already on the page/],
    ['the inside of @ilearn/ui', "import '@ilearn/ui/build';", /only "@ilearn\/ui" itself/],
    ['code of the server', "import { definePlugin } from '@ilearn/core'; console.log(definePlugin);", /import type/],
    ['a plugin of somebody else', "import notices from 'ilearn-plugin-notices'; console.log(notices);", /import its "\/client"/],
    [
      'a module of Node',
      "import { readFile } from 'node:fs'; console.log(readFile);",
      /browsers do not have the modules of Node/,
    ],
    ['a file that is not there', "import './missing.js';", /missing\.js/],
  ])('refuses %s, and names it', async (_, code, words) => {
    const root = await plugin({ 'ui.ts': code });
    await expect(buildPluginUi(root)).rejects.toThrow(words);
    await expect(built(root)).rejects.toThrow('ENOENT');
  });

  it('divides pages over files: each element gets its module, what that imports, and the elements that these name', async () => {
    // Longer than it pays to send along with another page.
    const long = (name: string) => `export const ${name} = '${name.repeat(12_000)}';`;
    const page = (tag: string, uses: readonly string[], tags: string) => `
      import { PortalElement } from '@ilearn/ui';
      import { html } from 'lit';
      import { customElement } from 'lit/decorators.js';
      ${uses.map((name) => `import { ${name} } from './${name}.js';`).join('\n')}
      @customElement('${tag}')
      export class Page extends PortalElement { override render() { return [${uses.join()}, html\`${tags}\`]; } }`;
    const files = {
      'ui.ts':
        "// The pages.\nimport './one.js';\nimport './ask.js';\nimport './two.js';\nimport './menu.js';\nimport './icons.js';\n",
      'one.ts': page('p-one', ['first', 'both'], '<wa-input></wa-input><p-menu></p-menu><p-ask></p-ask>'),
      'two.ts': page('p-two', ['second', 'both'], ''),
      'menu.ts': page('p-menu', ['third'], '<wa-dropdown></wa-dropdown>'),
      'ask.ts': page('p-ask', ['both'], '<il-dialog><wa-input></wa-input><wa-select></wa-select></il-dialog>'),
      'icons.ts': "console.log('icons');",
      'first.ts': long('first'),
      'second.ts': long('second'),
      'third.ts': long('third'),
      'both.ts': long('both'),
    };
    const root = await plugin(files);
    await buildPluginUi(root);
    const index = await built(root);
    const line = (name: string) =>
      JSON.parse(new RegExp(`^//# ilearn-${name}=(.*)$`, 'm').exec(index)?.[1] ?? '') as Record<string, string[]>;
    const code = async (tag: string) => {
      const names = line('files')[tag] ?? [];
      return (await Promise.all(names.map((name) => readFile(join(root, 'dist/ui', name), 'utf8')))).join('\n');
    };
    const parts = ['firstfirst', 'secondsecond', 'thirdthird', 'bothboth', 'p-one', 'p-two', 'p-menu', 'icons'];
    const holds = async (tag: string) => {
      const text = await code(tag);
      return parts.filter((part) => text.includes(part));
    };
    expect(await holds('p-one')).toEqual(['firstfirst', 'thirdthird', 'bothboth', 'p-one', 'p-menu', 'icons']);
    expect(await holds('p-two')).toEqual(['secondsecond', 'bothboth', 'p-two', 'icons']);
    expect(await holds('p-menu')).toEqual(['thirdthird', 'p-menu', 'icons']);
    expect(line('elements')).toEqual({
      'p-one': ['wa-dropdown', 'wa-input'],
      'p-two': [],
      'p-menu': ['wa-dropdown'],
      'p-ask': ['il-dialog', 'wa-input', 'wa-select'],
    });
    // What only a dialog shows is not waited for.
    expect(line('later')).toEqual({ 'p-one': ['il-dialog', 'wa-select'] });
    // The whole is there for those who know nothing of its files.
    const reached = new Set(['index.js']);
    for (const name of reached) {
      const text = await readFile(join(root, 'dist/ui', name), 'utf8');
      for (const [, next = ''] of text.matchAll(/(?:import|from)\s*"\.\/([\w.-]+)"/g)) reached.add(next);
    }
    expect([...reached].sort()).toEqual([...new Set(['index.js', ...Object.values(line('files')).flat()])].sort());

    // Nothing is left of another build.
    await writeFile(join(root, 'src/second.ts'), long('second').replaceAll('secondsecond', 'other'));
    await buildPluginUi(root);
    const named = /^\/\/# ilearn-files=(.*)$/m.exec(await built(root))?.[1] ?? '';
    for (const name of await readdir(join(root, 'dist/ui'))) expect(`${named} index.js`).toContain(name);
  });

  it('keeps the last valid module if a build fails', async () => {
    const root = await plugin({ 'ui.ts': element });
    await buildPluginUi(root);
    const before = await built(root);
    await writeFile(join(root, 'src/ui.ts'), 'export const = ;');
    await expect(buildPluginUi(root)).rejects.toThrow();
    expect(await built(root)).toBe(before);
  });

  it('skips what is up to date, and notices a change in any input file', async () => {
    const root = await plugin({
      'ui.ts': "import { greeting } from './greeting.js'; console.log(greeting);",
      'greeting.ts': "export const greeting = 'dag';",
    });
    expect((await buildPluginUi(root)).skipped).toBe(false);
    expect((await buildPluginUi(root)).skipped).toBe(true);
    await writeFile(join(root, 'src/greeting.ts'), "export const greeting = 'hallo';");
    expect((await buildPluginUi(root)).skipped).toBe(false);
    expect(await built(root)).toContain('hallo');
    await rm(join(root, 'dist'), { recursive: true });
    expect((await buildPluginUi(root)).skipped).toBe(false);
  });

  it('reports a package without pages', async () => {
    const root = await plugin({});
    await expect(buildPluginUi(root)).rejects.toThrow(/has no pages to build.*ui\.ts does not exist/);
  });
});

describe("the portal's own files", () => {
  it('provide every specifier of Lit from one bundle, each script with its integrity hash', async () => {
    const file = fileURLToPath(new URL('../dist/assets/manifest.json', import.meta.url));
    const manifest = JSON.parse(await readFile(file, 'utf8')) as AssetManifest;
    for (const specifier of LIT_SPECIFIERS.keys())
      expect(manifest.imports[specifier], specifier).toMatch(/^\/assets\/ui\/.+\.js$/);
    expect(new Set(Object.values(manifest.imports)).size).toBe(3);
    for (const address of [...Object.values(manifest.imports), manifest.shell, ...manifest.preload]) {
      expect(manifest.integrity[address], address).toMatch(/^sha256-/);
    }
  });
});
