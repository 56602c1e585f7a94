import { loadMessages } from './i18n.js';
import { pageShown } from './page-shown.js';
import { pluginOf } from './portal.js';
import { preloadModules } from './preload.js';
import { can } from './session.js';
import { whenIdle } from './when-idle.js';

/** Why a plugin's element is not shown. */
export class PluginFailure extends Error {
  constructor(
    readonly plugin: string,
    /**
     * `out`: the plugin is out of service. `gone`: its file is no longer on the server (a new version). `offline`: no response. `broken`:
     * its code fails. `stopped`: it failed too often and is not loaded again until the page is reloaded.
     */
    readonly kind: 'out' | 'gone' | 'offline' | 'broken' | 'stopped',
    cause: unknown,
  ) {
    super(`plugin ${plugin}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'PluginFailure';
  }
}

/** A plugin's code may fail this many times before it is no longer loaded. */
const ENOUGH = 3;

const failures = new Map<string, number>();

function broken(plugin: string, cause: unknown): PluginFailure {
  failures.set(plugin, (failures.get(plugin) ?? 0) + 1);
  return new PluginFailure(plugin, 'broken', cause);
}

const loaded = new Map<string, Promise<void>>();

/** Runs once for each key, and again after a failure. */
function once(key: string, load: () => Promise<void>): Promise<void> {
  const started = loaded.get(key) ?? load();
  loaded.set(key, started);
  started.catch(() => loaded.delete(key));
  return started;
}

/** Loads what an element of a plugin needs: its modules and messages, and the shared elements that it uses. */
export async function loadFor(id: string, tag: string): Promise<void> {
  const plugin = pluginOf(id);
  if (plugin === undefined) throw new PluginFailure(id, 'broken', 'not in this portal');
  const { entry, out } = plugin;
  if (out || entry === undefined) throw new PluginFailure(id, 'out', 'out of service');
  const { needs = [], later = [], modules = [entry] } = [...plugin.pages, ...plugin.slots].find((each) => each.tag === tag) ?? {};
  preloadModules([...needs, ...modules].filter((address) => !loaded.has(address)));
  // Without messages, a page works but shows message keys; without its modules, it does not work.
  const messages = loadMessages([tag]).catch((error: unknown) => console.error(error));
  // Define them first: a page may call their methods, move the focus into them or measure them in its first rendering.
  await Promise.all(needs.map((address) => loadModule(id, address)));
  // Those that others import come first, so that a broken one is noticed once.
  for (const address of modules) await loadModule(id, address);
  // What only dialogs use defines itself in time for the first one; a field that is not there yet appears in it.
  if (later.length > 0) afterwards(() => void loadInBackground(id, later));
  await messages;
}

/** Runs once the first page is shown and the browser has nothing else to do. */
function afterwards(work: () => void): void {
  if (pageShown.value) {
    whenIdle(work);
    return;
  }
  const stop = pageShown.watch(() => {
    stop();
    whenIdle(work);
  });
}

async function loadInBackground(id: string, addresses: readonly string[]): Promise<void> {
  preloadModules(addresses, 'low');
  await Promise.all(addresses.map((address) => loadModule(id, address).catch((error: unknown) => console.error(error))));
}

/** Fetches ahead what the plugins' pages need that the person may open: they then open at once, also when the connection is lost. */
export function preparePages(ids: readonly string[]): void {
  const pages = ids.flatMap((id) => pluginOf(id)?.pages ?? []).filter(({ permission }) => can(permission));
  afterwards(() => {
    preloadModules(new Set(pages.flatMap(({ needs = [], later = [], modules = [] }) => [...needs, ...later, ...modules])), 'low');
    loadMessages(pages.map(({ tag }) => tag)).catch((error: unknown) => console.error(error));
  });
}

const loadModule = (plugin: string, address: string): Promise<void> =>
  once(address, async () => {
    try {
      await import(/* @vite-ignore */ address);
    } catch (cause) {
      const kind = await kindOf(address);
      throw kind === 'broken' ? broken(plugin, cause) : new PluginFailure(plugin, kind, cause);
    }
  });

/** A failed `import()` does not say whether the file is missing or broken, so request it again. */
async function kindOf(entry: string): Promise<'gone' | 'offline' | 'broken'> {
  try {
    const response = await fetch(entry, { method: 'HEAD', cache: 'no-store' });
    return response.ok ? 'broken' : 'gone';
  } catch {
    return 'offline';
  }
}

/** Creates an element of a plugin. Rejects if its module fails or does not define it, or its constructor throws. */
export async function createElement(plugin: string, tag: string): Promise<HTMLElement> {
  if ((failures.get(plugin) ?? 0) >= ENOUGH) throw new PluginFailure(plugin, 'stopped', 'it failed too often');
  await loadFor(plugin, tag);
  const Page = customElements.get(tag);
  if (!Page) throw broken(plugin, `its module does not define <${tag}>`);
  try {
    return new Page();
  } catch (cause) {
    throw broken(plugin, cause);
  }
}

/**
 * Waits for the first rendering of an element in the document.
 *
 * @param onLaterFailure called once when a later rendering throws; the element must then be removed
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
