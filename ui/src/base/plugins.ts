import { loadMessages } from './i18n.js';
import { type PortalPlugin, pluginOf } from './portal.js';

/** Why a plugin's part of the page is not there. */
export class PluginFailure extends Error {
  constructor(
    readonly plugin: string,
    /** `gone`: its file is no longer on the server (a new version). `offline`: no answer. `broken`: its code fails. */
    readonly kind: 'gone' | 'offline' | 'broken',
    cause: unknown,
  ) {
    super(`plugin ${plugin}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'PluginFailure';
  }
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

async function fetchPlugin({ id, entry }: PortalPlugin): Promise<void> {
  // Without its messages a page still works, in keys; without its module it does not.
  const messages = loadMessages(id).catch((error: unknown) => console.error(error));
  try {
    await import(/* @vite-ignore */ entry);
  } catch (cause) {
    throw new PluginFailure(id, await kindOf(entry), cause);
  }
  await messages;
}

/** A failed `import()` does not tell a missing file from a broken one; asking for the file again does. */
async function kindOf(entry: string): Promise<PluginFailure['kind']> {
  try {
    const response = await fetch(entry, { method: 'HEAD', cache: 'no-store' });
    return response.ok ? 'broken' : 'gone';
  } catch {
    return 'offline';
  }
}

/** A new element of a plugin. Rejects where its module fails, does not define the element, or its constructor throws. */
export async function createElement(plugin: string, tag: string): Promise<HTMLElement> {
  await loadPlugin(plugin);
  const Page = customElements.get(tag);
  if (!Page) throw new PluginFailure(plugin, 'broken', `its module does not define <${tag}>`);
  try {
    return new Page();
  } catch (cause) {
    throw new PluginFailure(plugin, 'broken', cause);
  }
}

/** Waits for the first rendering of an element that is in the document. */
export async function firstRender(plugin: string, element: HTMLElement): Promise<void> {
  try {
    await (element as { updateComplete?: Promise<unknown> }).updateComplete;
  } catch (cause) {
    throw new PluginFailure(plugin, 'broken', cause);
  }
}
