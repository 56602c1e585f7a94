import type { KernelLogger } from '../foundation/log.js';
import { describeError } from '../foundation/log.js';
import type { Platform } from '../platform/platform.js';
import { ownerOfError } from '../plugins/code-owner.js';

/** Keeps the process alive if a plugin leaves a rejection or an error unhandled. */
export function logUnhandledErrors({ composition }: Platform, log: KernelLogger): void {
  process.on('unhandledRejection', (error) =>
    log.error({ plugin: ownerOfError(error, composition.folders), err: describeError(error) }, 'unhandled promise rejection'),
  );
  process.on('uncaughtException', (error) => {
    const plugin = ownerOfError(error, composition.folders);
    if (plugin === null) {
      // An error of the kernel or of unknown origin: the state of the process can no longer be trusted.
      console.error(error);
      process.exit(1);
    }
    const remedy = `Catch it in ${plugin}: nothing else can catch an error of a timer, a listener or a stream.`;
    log.error({ plugin, remedy, err: describeError(error) }, 'uncaught error');
  });
}
