import type { Contributions } from '@ilearn/core';
import type { z } from 'zod';
import type { kindContribution, points } from './kind.js';

/** A kind of notification, with its full name. */
export interface Kind extends Omit<z.output<typeof kindContribution>, 'name'> {
  /** `<plugin>.<name>` */
  kind: string;
  plugin: string;
}

/** The kinds of notification of the plugins in service. */
export class Kinds {
  readonly #contributions: Contributions<typeof points>;

  constructor({ contributions }: { contributions: Contributions<typeof points> }) {
    this.#contributions = contributions;
  }

  all(): Kind[] {
    return this.#contributions
      .of('kinds')
      .map(({ plugin, value: { name, ...kind } }) => ({ ...kind, plugin, kind: `${plugin}.${name}` }));
  }

  find(kind: string): Kind | undefined {
    return this.all().find((each) => each.kind === kind);
  }

  /** @throws Error if no plugin in service contributes the kind: a mistake of the sender */
  get(kind: string): Kind {
    const found = this.find(kind);
    if (found === undefined) throw new Error(`no plugin contributes the kind "${kind}" to notifications.kinds`);
    return found;
  }
}

/** Whether `path` is a path of the page `/paths/:id`: the same segments, with a plain id in the place of each parameter. */
export function fits(page: string, path: string): boolean {
  const wanted = page.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith(':') ? /^[\w~-]{1,100}$/.test(given[index] ?? '') : segment === given[index],
    )
  );
}
