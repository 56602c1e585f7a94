import type { NavSection } from '@ilearn/core';

/** The server's description of this portal: `<script type="application/json" id="ilearn-portal">`. */

export interface PortalPage {
  path: string;
  tag: string;
  /** Message key in the plugin's namespace. */
  title: string;
  permission: string;
  nav?: { icon: string; order: number; label?: string; menu?: 'person'; section?: NavSection };
  /** Topic of the helpdesk's articles that are about it. */
  help?: string;
  density?: Density;
  /** Addresses of the modules that define the shared elements which this one uses. */
  needs?: string[];
  /** Addresses of the modules that define the shared elements of its dialogs. */
  later?: string[];
  /** Addresses of the plugin's modules that define it; {@link PortalPlugin.entry} if it says nothing. */
  modules?: string[];
  /** Paths of the plugin's GET routes, with the page's parameters, whose answers the page needs at once. */
  loads?: string[];
}

export type Density = 'kid' | 'standard' | 'compact';

export interface PortalSlot {
  slot: string;
  tag: string;
  permission: string;
  order?: number;
  /** In `shell.start`: the width of the part; `half` if it says nothing. */
  size?: 'half' | 'full';
  /** As in {@link PortalPage}. */
  needs?: string[];
  /** As in {@link PortalPage}. */
  later?: string[];
  /** As in {@link PortalPage}. */
  modules?: string[];
  /** As in {@link PortalPage}; of parts of the start page. */
  loads?: string[];
}

export interface PortalPlugin {
  id: string;
  /** True while it is out of service: its pages say so, and its code is not loaded. */
  out?: boolean;
  /** Address of the ES module that defines all its elements; undefined while it is out of service. */
  entry?: string;
  pages: PortalPage[];
  slots: PortalSlot[];
  /** Paths of pages that the server renders. */
  documents?: string[];
}

export interface Portal {
  languages: string[];
  /** Language → address of the messages of all plugins in service, of which pages ask for parts: `?for=shell,myway-paths-page`. */
  messages: Record<string, string>;
  plugins: PortalPlugin[];
}

let known: Portal | undefined;

/** The description, read once. Without one (a component on a bare page), the portal has no plugins. */
export function portal(): Portal {
  known ??= read();
  return known;
}

function read(): Portal {
  const text = document.getElementById('ilearn-portal')?.textContent;
  const data = (text ? JSON.parse(text) : {}) as Partial<Portal>;
  return {
    languages: data.languages?.length ? data.languages : ['nl', 'en', 'fr'],
    messages: data.messages ?? {},
    plugins: (data.plugins ?? []).map((plugin) => ({
      ...plugin,
      pages: plugin.pages ?? [],
      slots: plugin.slots ?? [],
    })),
  };
}

export const pluginOf = (id: string): PortalPlugin | undefined => portal().plugins.find((plugin) => plugin.id === id);

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

/** Whether the server renders the page at this path, so that its document must be loaded. */
export function isDocument(path: string): boolean {
  const given = segmentsOf(path);
  return portal()
    .plugins.flatMap(({ documents = [] }) => documents)
    .some((pattern) => {
      const expected = segmentsOf(pattern);
      return expected.length === given.length && expected.every((part, at) => part.startsWith(':') || part === given[at]);
    });
}
