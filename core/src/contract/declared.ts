import type { z } from 'zod';
import type { FileKinds } from './files.js';
import type { SettingsDeclaration } from './settings.js';

/** Zod schemas by name: of events, jobs or points. */
export type Schemas = Readonly<Record<string, z.ZodType>>;

/** The schemas of live topics by name. */
export type Topics = Readonly<Record<string, { params: z.ZodType; payload: z.ZodType }>>;

/** An object type without members, so that reading any member is a compile error. */
// biome-ignore lint/complexity/noBannedTypes: unknown and never would allow or refuse every member
export type Nothing = {};

/**
 * The schemas of a plugin's own events, jobs and points, as the second parameter of its cradle:
 * `KernelCradle<Config, { events: typeof events; jobs: typeof jobs }>`. The manifest gets the same objects.
 */
export interface Declarations {
  /** Name of an event → schema of its payload. */
  events?: Schemas;
  /** Name of a job → schema of its payload, or the job itself. */
  jobs?: Readonly<Record<string, z.ZodType | { payload: z.ZodType }>>;
  /** Name of a point → schema of one contribution. */
  points?: Schemas;
  /** Schemas of params and payload by live topic, or the topics themselves. */
  live?: Topics;
  /** Kinds of file by name. */
  files?: FileKinds;
  /** Schemas of the settings of portal and tenant. */
  settings?: SettingsDeclaration;
}

/** The map of events in `Declarations`; empty if there is none. */
export type EventsIn<D extends Declarations> = D extends { events: infer E } ? E : Nothing;
/** The map of jobs in `Declarations`; empty if there is none. */
export type JobsIn<D extends Declarations> = D extends { jobs: infer J } ? J : Nothing;
/** The map of points in `Declarations`; empty if there is none. */
export type PointsIn<D extends Declarations> = D extends { points: infer P } ? P : Nothing;
/** The map of live topics in `Declarations`; empty if there is none. */
export type LiveIn<D extends Declarations> = D extends { live: infer L } ? L : Nothing;
/** The kinds of file in `Declarations`; empty if there are none. */
export type FilesIn<D extends Declarations> = D extends { files: infer F } ? F : Nothing;

/** The settings in `Declarations`; empty if there are none. */
export type SettingsIn<D extends Declarations> = D extends { settings: infer S } ? S : Nothing;

/** The names in a map of declarations. If the map is empty, the text `Hint`, so that the compile error says what to declare. */
export type NameIn<Map, Hint extends string> = [keyof Map] extends [never] ? Hint : keyof Map & string;

/** The input of the schema declared under `Name`: the value before defaults and transformations. `unknown` if none is declared. */
export type Given<Map, Name> = Name extends keyof Map
  ? Map[Name] extends z.ZodType
    ? z.input<Map[Name]>
    : Map[Name] extends { payload: infer S extends z.ZodType }
      ? z.input<S>
      : unknown
  : unknown;

/** The output of the schema declared under `Name`: the value after defaults and transformations. `unknown` if none is declared. */
export type Parsed<Map, Name> = Name extends keyof Map ? (Map[Name] extends z.ZodType ? z.output<Map[Name]> : unknown) : unknown;

/** For each point, a member of its parsed contributions. */
export type PointKeys<Points> = { readonly [Name in keyof Points]?: keyof Parsed<Points, Name> & string };

/** The input of one part of a live topic: before defaults and transformations. */
export type GivenPart<Map, Name, Part extends 'params' | 'payload'> = Name extends keyof Map
  ? Map[Name] extends Readonly<Record<Part, infer S extends z.ZodType>>
    ? z.input<S>
    : unknown
  : unknown;
