import type { z } from 'zod';

/** zod schemas by name. */
export type Schemas = Readonly<Record<string, z.ZodType>>;

// biome-ignore lint/complexity/noBannedTypes: an object without members, so that reading one of them is an error
export type Nothing = {};

/**
 * What a plugin's services publish, enqueue and read by name: `KernelCradle<Config, { events: typeof events; jobs: typeof jobs }>`. The
 * same objects stand in the manifest.
 */
export interface Declarations {
  /** Schema of the payload by event. */
  events?: Schemas;
  /** Schema of the payload by job, or the jobs themselves. */
  jobs?: Readonly<Record<string, z.ZodType | { payload: z.ZodType }>>;
  /** Schema of a contribution by point. */
  points?: Schemas;
}

export type EventsIn<D extends Declarations> = D extends { events: infer E } ? E : Nothing;
export type JobsIn<D extends Declarations> = D extends { jobs: infer J } ? J : Nothing;
export type PointsIn<D extends Declarations> = D extends { points: infer P } ? P : Nothing;

/** The names in a map of declarations. Where there are none, a text in their place tells the author what to write. */
export type NameIn<Map, Hint extends string> = [keyof Map] extends [never] ? Hint : keyof Map & string;

/** What is given where a schema is declared: before defaults and transformations. */
export type Given<Map, Name> = Name extends keyof Map
  ? Map[Name] extends z.ZodType
    ? z.input<Map[Name]>
    : Map[Name] extends { payload: infer S extends z.ZodType }
      ? z.input<S>
      : unknown
  : unknown;

/** What a schema makes of it. */
export type Parsed<Map, Name> = Name extends keyof Map ? (Map[Name] extends z.ZodType ? z.output<Map[Name]> : unknown) : unknown;
