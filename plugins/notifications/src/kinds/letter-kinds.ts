import type { Contributions } from '@ilearn/core';
import type { z } from 'zod';
import type { points } from './kind.js';
import type { letterContribution } from './letter.js';

/** A letter that a plugin declares, with its full name. */
export interface LetterKind extends Omit<z.output<typeof letterContribution>, 'name'> {
  /** `<plugin>.<name>` */
  letter: string;
  plugin: string;
}

/** The letters of the plugins in service. */
export class LetterKinds {
  readonly #contributions: Contributions<typeof points>;

  constructor({ contributions }: { contributions: Contributions<typeof points> }) {
    this.#contributions = contributions;
  }

  all(): LetterKind[] {
    return this.#contributions
      .of('letters')
      .map(({ plugin, value: { name, ...letter } }) => ({ ...letter, plugin, letter: `${plugin}.${name}` }));
  }

  find(letter: string): LetterKind | undefined {
    return this.all().find((each) => each.letter === letter);
  }
}
