export type { Answer, Client } from './client/client.js';
export { defineConfig, type PortalConfig } from './config/portal-config.js';
export * from './contract/all-settings.js';
export * from './contract/declared.js';
export * from './contract/define-plugin.js';
export * from './contract/file-service.js';
export * from './contract/files.js';
export * from './contract/http.js';
export * from './contract/kernel-events.js';
export * from './contract/live.js';
export * from './contract/machines.js';
export * from './contract/models.js';
export * from './contract/operations.js';
export * from './contract/page.js';
export * from './contract/plugin.js';
export * from './contract/position.js';
export * from './contract/principal.js';
export * from './contract/privacy.js';
export * from './contract/privileged.js';
export * from './contract/problem.js';
export * from './contract/purpose.js';
export * from './contract/registry.js';
export * from './contract/reply.js';
export {
  type Answered,
  html,
  type NoBody,
  nothing,
  type ResponseSpec,
  redirect,
} from './contract/responses.js';
export * from './contract/route.js';
export * from './contract/services.js';
export * from './contract/settings.js';
export * from './contract/table.js';
export * from './contract/version.js';
export * from './contract/work.js';
export type { CsvCell } from './downloads/csv.js';
export { csvStream } from './downloads/csv-stream.js';
export { type ZipEntry, zipStream } from './downloads/zip-stream.js';
export { addressBlock } from './foundation/address-block.js';
export { type Language, languages, messagesAt } from './foundation/message-texts.js';
export { isStorable, isStorableDay, withoutUnstorable } from './foundation/storable.js';
export { KERNEL_VERSION } from './foundation/version.js';
export { Yielder } from './foundation/yielder.js';
export type { KernelRoutes } from './http/kernel-routes.js';
export { outgoingRefusal } from './outgoing/policy.js';
