/** Builds browser code: the portal's own (`buildAssets`) and a plugin's pages (`buildPluginUi`). */
export { type AssetManifest, type BuildReport, buildAssets } from './assets.js';
export { command } from './command.js';
export { buildPluginUi, hasUi, pluginsWithUi } from './plugin-ui.js';
export { isShared, LIT_SPECIFIERS } from './specifiers.js';
