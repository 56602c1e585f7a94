import type { Knex } from 'knex';

/**
 * An Objection model: a class that extends `Model` of the package `objection`, version 3 (https://vincit.github.io/objection.js/). The kernel
 * does not load Objection; it uses what the class inherits.
 */
export interface ModelClass {
  new (): object;
  /** The same class whose queries use this knex, and whose relations lead to classes bound to it. */
  bindKnex(knex: Knex): unknown;
}

/** Models by name. */
export type ModelClasses = Readonly<Record<string, ModelClass>>;

/**
 * The models of a manifest, for the cradle: `interface Cradle extends KernelCradle, Models<typeof models> {}`. Their queries run in the
 * unit of work that is open where they are awaited, as those of `knex` do.
 */
export type Models<Declared extends ModelClasses> = { readonly [Name in keyof Declared]: Declared[Name] };
