import { z } from 'zod';

/**
 * Settings that people change while the portal runs, each an object of fields with defaults. `portal`: one value for the whole portal;
 * `tenant`: one for each tenant. A field in both falls back from the tenant's value to the portal's. The schemas are:
 *
 * | field | schema |
 * | --- | --- |
 * | yes or no, such as a feature flag | `z.boolean()` |
 * | one of a list | `z.enum(['a', 'b'])` |
 * | some of a list | `z.array(z.enum(['a', 'b']))` |
 * | a number | `z.int().min(1).max(60)`, `z.number().min(0).max(1)` |
 * | a text | `z.string().max(200)` |
 * | a day | `z.iso.date().nullable()` |
 * | periods, such as holidays | {@link periods} |
 * | a secret | {@link secretText} |
 *
 * Every field except the last two needs `.default(…)`. Labels are messages of the plugin: `settings.title`, `settings.<field>.label`,
 * `settings.<field>.help`, and `settings.<field>.options.<value>` for lists.
 */
export interface SettingsDeclaration {
  portal?: z.ZodObject;
  tenant?: z.ZodObject;
}

type Values<Declared, Part extends 'portal' | 'tenant'> = Declared extends { readonly [P in Part]: infer S extends z.ZodType }
  ? Readonly<z.output<S>>
  : `declare it: KernelCradle<Config, { settings: typeof settings }>`;

/** Reads this plugin's own settings. Values are frozen and cached: most reads run no statement. */
export interface Settings<Declared = SettingsDeclaration> {
  /** The settings of the whole portal. */
  portal(): Promise<Values<Declared, 'portal'>>;
  /**
   * The settings of a tenant.
   *
   * @throws Problem 403 if the principal does not act for that tenant
   */
  of(tenant: string): Promise<Values<Declared, 'tenant'>>;
}

/** The calendar of the portal or of one of its tenants. Days are written `2026-09-01`. */
export interface Calendar {
  /** IANA name of the time zone of a tenant or of the portal, such as `Europe/Brussels`. */
  timeZone(tenant?: string): Promise<string>;
  /** The current day in that time zone. */
  today(tenant?: string): Promise<string>;
  /**
   * Whether a day is a school day: one of the tenant's days of the week, and neither a holiday nor a day off.
   *
   * @throws Error if `day` is not a valid day
   */
  isSchoolDay(tenant: string, day: string): Promise<boolean>;
}

/** A period of days, including the first and the last. */
export interface Period {
  label: string;
  from: string;
  to: string;
}

const period = z
  .strictObject({ label: z.string().max(100).default(''), from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'is before the first day' });

/** Schema of a setting that is a list of periods, such as holidays; empty by default. `max` is 100 unless given. */
export const periods = ({ max = 100 }: { max?: number } = {}): z.ZodDefault<z.ZodArray<typeof period>> =>
  z.array(period).max(max).default([]).meta({ setting: 'periods' });

/**
 * Schema of a setting that is a secret, such as an API key of another service; empty by default. It is stored encrypted with the portal's
 * master key; no page, answer, log or audit entry shows it.
 */
export const secretText = ({ max = 1_000 }: { max?: number } = {}): z.ZodDefault<z.ZodString> =>
  z.string().max(max).default('').meta({ setting: 'secret' });
