export { defineConfig, type PortalConfig } from './config/portal-config.js';
export * from './contract/plugin.js';
export * from './contract/principal.js';
export * from './contract/problem.js';
export * from './contract/route.js';
export * from './contract/services.js';
export * from './contract/table.js';
export * from './contract/work.js';
export { KERNEL_VERSION } from './version.js';
