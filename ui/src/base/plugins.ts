import { loadMessages } from './i18n.js';
import { type PortalPlugin, pluginOf } from './portal.js';

/** Why a plugin's part of the page is not there. */
export class PluginFailure extends Error {
  constructor(
    readonly plugin: string,
    /**
     * `out`: the portal took it out of service. `gone`: its file is no longer on the server (a new version). `offline`: no answer.
     * `broken`: its code fails. `stopped`: it failed so often that it is left alone until the page is loaded anew.
     */
    readonly kind: 'out' | 'gone' | 'offline' | 'broken' | 'stopped',
    cause: unknown,
  ) {
    super(`plugin ${plugin}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'PluginFailure';
  }
}

/** Failures of its code after which a plugin is left alone for this visit. */
const ENOUGH = 3;

const failures = new Map<string, number>();

function broken(plugin: string, cause: unknown): PluginFailure {
  failures.set(plugin, (failures.get(plugin) ?? 0) + 1);
  return new PluginFailure(plugin, 'broken', cause);
}

const loaded = new Map<string, Promise<void>>();

/** Imports a plugin's elements and messages, once. */
export function loadPlugin(id: string): Promise<void> {
  let promise = loaded.get(id);
  if (!promise) {
    const plugin = pluginOf(id);
    promise = plugin ? fetchPlugin(plugin) : Promise.reject(new PluginFailure(id, 'broken', 'not in this portal'));
    promise.catch(() => loaded.delete(id));
    loaded.set(id, promise);
  }
  return promise;
}

async function fetchPlugin({ id, entry, out }: PortalPlugin): Promise<void> {
  if (out || entry === undefined) throw new PluginFailure(id, 'out', 'out of service');
  // Without its messages a page still works, in keys; without its module it does not.
  const messages = loadMessages(id).catch((error: unknown) => console.error(error));
  try {
    await import(/* @vite-ignore */ entry);
  } catch (cause) {
    const kind = await kindOf(entry);
    throw kind === 'broken' ? broken(id, cause) : new PluginFailure(id, kind, cause);
  }
  await messages;
}

/** A failed `import()` does not tell a missing file from a broken one; asking for the file again does. */
async function kindOf(entry: string): Promise<'gone' | 'offline' | 'broken'> {
  try {
    const response = await fetch(entry, { method: 'HEAD', cache: 'no-store' });
    return response.ok ? 'broken' : 'gone';
  } catch {
    return 'offline';
  }
}

/** A new element of a plugin. Rejects where its module fails, does not define the element, or its constructor throws. */
export async function createElement(plugin: string, tag: string): Promise<HTMLElement> {
  if ((failures.get(plugin) ?? 0) >= ENOUGH) throw new PluginFailure(plugin, 'stopped', 'it failed too often');
  await loadPlugin(plugin);
  const Page = customElements.get(tag);
  if (!Page) throw broken(plugin, `its module does not define <${tag}>`);
  try {
    return new Page();
  } catch (cause) {
    throw broken(plugin, cause);
  }
}

/**
 * Waits for the first rendering of an element that is in the document.
 *
 * @param onLaterFailure called once when a later rendering throws; the element is then to be taken away
 */
export async function firstRender(
  plugin: string,
  element: HTMLElement,
  onLaterFailure: (failure: PluginFailure) => void,
): Promise<void> {
  const guest = element as HTMLElement & { updateComplete?: Promise<unknown>; performUpdate?: () => void };
  try {
    await guest.updateComplete;
  } catch (cause) {
    throw broken(plugin, cause);
  }
  const perform = guest.performUpdate?.bind(guest);
  if (perform === undefined) return;
  guest.performUpdate = () => {
    try {
      perform();
    } catch (cause) {
      guest.performUpdate = () => {};
      onLaterFailure(broken(plugin, cause));
    }
  };
}
