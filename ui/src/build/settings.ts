import { isAbsolute } from 'node:path';
import { createLogger, type InlineConfig, type Plugin } from 'vite';

/** Browsers with import maps, `light-dark()` and `:state()`: Chrome 123, Safari 17.5, Firefox 126. */
const BROWSERS = ['chrome123', 'safari17.5', 'firefox126'];

/** What every build of browser code here has in common. */
export const common: InlineConfig = {
  configFile: false,
  envDir: false,
  publicDir: false,
  logLevel: 'warn',
  // A failure is thrown; whoever called tells it, once.
  customLogger: { ...createLogger('warn'), error() {} },
  // The decorators that Lit's users write, and class fields that do not shadow reactive properties; said here too, for a
  // package whose tsconfig forgets them.
  oxc: {
    decorator: { legacy: true },
    assumptions: { setPublicClassFields: true },
    typescript: { removeClassFieldsWithoutInitializer: true },
  },
  build: { target: BROWSERS, cssTarget: BROWSERS, modulePreload: false, reportCompressedSize: false, minify: true },
};

/** Collects every module that a build read, also those of which nothing is left in the result. */
export function collectInputs(into: Set<string>): Plugin {
  return {
    name: 'ilearn:inputs',
    buildEnd() {
      for (const id of this.getModuleIds()) if (isAbsolute(id)) into.add(id.replace(/\?.*/, ''));
    },
  };
}

/** Takes comments and indentation out of the styles in modules: a fifth of what the design system weighs. */
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
