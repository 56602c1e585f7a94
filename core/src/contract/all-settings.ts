import type { Period } from './settings.js';

/** The type of a field on a settings page, with its options or limits. */
export type SettingKind =
  | { kind: 'boolean' | 'date' }
  | { kind: 'choice' | 'choices'; options: { value: string; label: string }[] }
  | { kind: 'integer' | 'number'; minimum: number; maximum: number }
  | { kind: 'text' | 'secret'; maxLength: number }
  | { kind: 'periods'; most: number };

/** A field of a settings page. */
export type SettingField = SettingKind & {
  name: string;
  label: string;
  help: string;
  /** The effective value. For a secret: whether one is set. */
  value: unknown;
  /** The value that applies if nothing is set here. Null for a secret. */
  fallback: unknown;
  /** Where the effective value was set. */
  source: 'tenant' | 'portal' | 'default';
  /** A value is stored here that the current schema refuses, so it is not in effect. */
  misfit: boolean;
  /** Sets of periods to insert, such as the school holidays of a year. */
  proposals: { label: string; periods: Period[] }[];
};

/** The settings of one plugin, for the portal or for a tenant, with labels for people. */
export interface SettingsSection {
  /** Id of the plugin; `kernel` for time zone and calendar. */
  plugin: string;
  title: string;
  /** Pass it back with a change, which is refused if the section was changed in the meantime. */
  version: number;
  fields: SettingField[];
}

/** A change of one section. Fields named neither in `values` nor in `reset` are not changed. */
export interface SettingsChange {
  plugin: string;
  /** Null: the portal's settings. */
  tenant: string | null;
  version: number;
  values: Readonly<Record<string, unknown>>;
  /** Fields whose value here is removed, so that their fallback applies. */
  reset: readonly string[];
}

/**
 * Privileged. The settings of every plugin in service, for a page on which people change them. Only the principal's tenants can be read or
 * changed.
 */
export interface AllSettings {
  /**
   * The sections of the portal (`tenant` null) or of a tenant, the kernel's own first.
   *
   * @throws Problem 403 for the portal if the principal does not act for all tenants, and for a tenant for which it does not act
   */
  sections(tenant: string | null, language?: string): Promise<SettingsSection[]>;
  /**
   * Stores a change in the current unit of work, records it in the audit log and publishes `kernel.settings-changed`. Returns the section's
   * new version.
   *
   * @throws Problem 400 (`validation-failed`) naming each invalid field, 409 (`settings-changed`), 404 if there is no such section, 403 as
   * above
   */
  change(change: SettingsChange): Promise<number>;
  /** Registered tenants for which the principal acts, by id: at most `limit`, after the id `after`. */
  tenants(options?: { after?: string; limit?: number }): Promise<{ id: string; kind: string }[]>;
}
