import type { Period } from './settings.js';

/** What a field of a settings page is made of. */
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
  /** The value in force. Of a secret: whether there is one. */
  value: unknown;
  /** What the field falls back to where nothing is set here. Null of a secret. */
  fallback: unknown;
  /** Where the value in force was set. */
  source: 'tenant' | 'portal' | 'default';
  /** A value is stored here that the present schema refuses, so it is not in force. */
  misfit: boolean;
  /** Sets of periods to take over, such as the school holidays of a year. */
  proposals: { label: string; periods: Period[] }[];
};

/** The settings of one plugin, of the portal or of a tenant, as people read them. */
export interface SettingsSection {
  /** Id of the plugin; `kernel` for time zone and calendar. */
  plugin: string;
  title: string;
  /** To be given back with a change: it is refused where somebody else changed the section meanwhile. */
  version: number;
  fields: SettingField[];
}

/** A change of one section. Fields that are named neither under `values` nor under `reset` stay as they are. */
export interface SettingsChange {
  plugin: string;
  /** Null: of the portal. */
  tenant: string | null;
  version: number;
  values: Readonly<Record<string, unknown>>;
  /** Fields whose value here is removed, so that they fall back. */
  reset: readonly string[];
}

/** Privileged. The settings of every plugin in service, for a page on which people change them. Only tenants of the principal can be read or changed. */
export interface AllSettings {
  /**
   * The sections of the portal (`tenant` null) or of a tenant, the kernel's own first.
   *
   * @throws Problem 403 for the portal if the principal does not act for all tenants, and for a tenant that it does not act for
   */
  sections(tenant: string | null, language?: string): Promise<SettingsSection[]>;
  /**
   * Stores a change with the current unit of work, writes it to the audit log and publishes `kernel.settings-changed`. Returns the section's new
   * version.
   *
   * @throws Problem 400 (`validation-failed`) naming each wrong field, 409 (`settings-changed`), 404 without such a section, 403 as above
   */
  change(change: SettingsChange): Promise<number>;
  /** Registered tenants for which the principal acts, by id: at most `limit`, after the id `after`. */
  tenants(options?: { after?: string; limit?: number }): Promise<{ id: string; kind: string }[]>;
}
