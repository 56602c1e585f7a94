import { builtinModules } from 'node:module';
import type { Plugin } from 'vite';
import { isShared } from './specifiers.js';

/** Why a plugin's bundle must not contain a module, and what to write instead; undefined if it may. */
function objection(specifier: string): string | undefined {
  if (/^(lit|lit-html|lit-element|@lit)(\/|$)/.test(specifier) && !specifier.startsWith('@lit-labs/')) {
    return 'the portal does not share this part of Lit, so a second copy of Lit would be bundled. Import what you need from "lit", "lit/decorators.js", "lit/directives/….js", "lit/static-html.js", "@lit/context" or "@lit/task"';
  }
  if (/^(@awesome\.me\/webawesome|@shoelace-style\/shoelace)(\/|$)/.test(specifier)) {
    return 'the wa-* elements are already on the page. Import "@ilearn/ui" and write the tag';
  }
  if (specifier.startsWith('@ilearn/ui/')) return 'only "@ilearn/ui" itself is shared with plugins';
  // A plugin's typed client is made for pages and may be bundled.
  if (/^(@[^/]+\/)?(ilearn-)?plugin-[^/]+\/client$/.test(specifier)) return undefined;
  if (/^(@ilearn\/(core|plugin-)|(@[^/]+\/)?ilearn-plugin-)/.test(specifier))
    return 'that is server code. For a type, write "import type"; to call its routes, import its "/client"';
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return 'browsers do not have the modules of Node';
  return undefined;
}

/**
 * Keeps one copy of Lit on the page: modules of the import map are not bundled, and the build fails if it would bundle a second Lit or
 * design system.
 */
export function sharedModules(options: { also?: (specifier: string) => boolean; strict: boolean }): Plugin {
  return {
    name: 'ilearn:shared-modules',
    enforce: 'pre',
    resolveId(specifier, importer) {
      if (isShared(specifier) || options.also?.(specifier)) return { id: specifier, external: true };
      if (!options.strict) return null;
      const why = objection(specifier);
      if (why)
        this.error(`"${specifier}" can't be part of a plugin's pages: ${why}.${importer ? `\nImported by ${importer}` : ''}`);
      return null;
    },
    // A relative path or an alias can load Lit without naming it.
    load(id) {
      if (!options.strict) return null;
      const inside = /\/node_modules\/((?:@lit|@awesome\.me|@ilearn)\/[^/]+|lit|lit-html|lit-element)\//.exec(id);
      if (inside && !/\/plugin-[^/]+\/.*\bclient\.js$/.test(id))
        this.error(`${inside[1]} would be bundled into the plugin (${id}). Import it by its name.`);
      return null;
    },
  };
}
