import { isAbsolute } from 'node:path';
import { createLogger, type InlineConfig, type Plugin } from 'vite';

/** Browsers with import maps, `light-dark()` and `:state()`: Chrome 123, Safari 17.5, Firefox 126. */
const BROWSERS = ['chrome123', 'safari17.5', 'firefox126'];

/** Settings of all builds of browser code. */
export const common: InlineConfig = {
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  // Vite also throws errors, and the caller reports them.
  customLogger: { ...createLogger('warn'), error() {} },
  // Legacy decorators, and class fields that do not shadow reactive properties; set here too, for packages whose tsconfig lacks
  // them.
  oxc: {
    decorator: { legacy: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  build: { target: BROWSERS, cssTarget: BROWSERS, modulePreload: false, reportCompressedSize: false, minify: true },
};

/** Collects every module that a build reads, even if the result contains nothing of it. */
export function collectInputs(into: Set<string>): Plugin {
  return {
    name: 'ilearn:inputs',
    buildEnd() {
      for (const id of this.getModuleIds()) if (isAbsolute(id)) into.add(id.replace(/\?.*/, ''));
    },
  };
}

/** Removes comments and indentation from styles in modules: a fifth of the design system's size. */
export function denseStyles(): Plugin {
  return {
    name: 'ilearn:dense-styles',
    transform(code) {
      if (!code.includes('css`')) return null;
      const dense = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\s+/g, ' ');
      return {
        code: code.replace(/(\bcss`)([^`]*)`/g, (_, opening: string, text: string) => `${opening}${dense(text)}\``),
        map: null,
      };
    },
  };
}
