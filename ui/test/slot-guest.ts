import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definePlugin, type PluginDefinition } from '@ilearn/core';

/** Shows the slot and the context it got, as JSON. Counts how often it got one. */
const module = (elements: { tag: string; slot: string }[]) => `
for (const { tag, slot } of ${JSON.stringify(elements)}) {
  customElements.define(tag, class extends HTMLElement {
    times = 0;
    set context(context) {
      this.times += 1;
      const [heading, text] = ['h2', 'p'].map((name) => document.createElement(name));
      heading.textContent = slot;
      text.textContent = JSON.stringify(context);
      text.style.overflowWrap = 'anywhere';
      this.replaceChildren(heading, text);
    }
  });
}`;

/** A plugin with an element in each slot, for holders of the permission. */
export async function slotGuest(
  id: string,
  requires: Record<string, string>,
  slots: { slot: string; permission: string }[],
): Promise<{ plugin: PluginDefinition; tagOf: (slot: string, permission: string) => string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'ilearn-slots-'));
  const tagOf = (slot: string, permission: string) => `${id}-${`${slot}-${permission}`.replaceAll(/[^a-z]/g, '-')}`;
  const elements = slots.map(({ slot, permission }) => ({ tag: tagOf(slot, permission), slot, permission }));
  await writeFile(join(folder, 'index.js'), module(elements));
  for (const language of ['nl', 'en', 'fr']) await writeFile(join(folder, `${language}.json`), '{}');
  const plugin = definePlugin({
    id,
    version: '1.0.0',
    requires,
    ui: {
      entry: pathToFileURL(join(folder, 'index.js')),
      messages: pathToFileURL(`${folder}/`),
      slots: elements as never,
    },
  });
  return { plugin, tagOf, remove: () => rm(folder, { recursive: true, force: true }) };
}
