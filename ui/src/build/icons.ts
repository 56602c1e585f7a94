import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { COMMON_ICONS, MORE_ICONS } from '../icons/names.js';
import type { IconNodes } from '../icons/registry.js';
import { packageFolder } from './specifiers.js';

const SETS: Readonly<Record<string, readonly string[]>> = {
  'virtual:ilearn-icons': COMMON_ICONS,
  'virtual:ilearn-icons/more': MORE_ICONS,
};

function nodesOf(svg: string): IconNodes {
  const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1);
  return [...inner.matchAll(/<([a-z]+)\s([^>]*?)\/>/g)].map(([, tag = '', text = '']) => [
    tag,
    Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value])),
  ]);
}

/** Bundles the chosen Lucide icons as data. */
export function lucideIcons(): Plugin {
  return {
    name: 'ilearn:icons',
    resolveId: (id) => (id in SETS ? `\0${id}` : null),
    load(id) {
      const names = SETS[id.slice(1)];
      if (names === undefined) return null;
      const folder = join(packageFolder('lucide-static'), 'icons');
      const icons = Object.fromEntries(names.map((name) => [name, nodesOf(readFileSync(join(folder, `${name}.svg`), 'utf8'))]));
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(icons))});`;
    },
  };
}

/**
 * Leaves out Web Awesome's drawings of the icons inside its elements, a sixth of its code: `elements/web-awesome.ts` registers ours in their
 * place.
 */
export function noSystemIcons(): Plugin {
  let found = false;
  return {
    name: 'ilearn:no-system-icons',
    transform(code) {
      if (!code.includes('src/components/icon/library.system.ts')) return null;
      found = true;
      return { code: code.replace(/`<svg[^`]*`/g, "''"), map: null };
    },
    buildEnd(error) {
      if (!error && !found)
        this.error("Web Awesome's system icons are no longer where they were; adapt this plugin to its new version.");
    },
  };
}
