import type { z } from 'zod';
import { currentFrame } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import type { AllSettings, SettingField, SettingsChange, SettingsSection } from '../contract/all-settings.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { Tenant } from '../contract/privileged.js';
import { conflict, type FieldError, forbidden, notFound, Problem } from '../contract/problem.js';
import type { SettingsDeclaration } from '../contract/settings.js';
import { isTenantId } from '../database/unit/sql-identity.js';
import { type FieldShape, shapeOf } from '../foundation/setting-fields.js';
import { findUnstorable } from '../foundation/storable.js';
import { type Recorded, recordChange } from './audit-change.js';
import { calendarSettings } from './calendar.js';
import { flemishHolidays, proposedYears } from './flemish-holidays.js';
import { actsFor } from './own-settings.js';
import type { SettingsStore } from './settings-store.js';
import { textsOf } from './settings-texts.js';
import { PORTAL, type Resolved } from './stored-settings.js';

const MOST_TENANTS = 1_000;

/** Publishes a change in the unit of work that stores it. */
export type Publish = (change: { plugin: string; tenant: string | null; fields: string[] }) => Promise<void>;

export interface AllSettingsParts {
  store: SettingsStore;
  publish: Publish;
  /** The plugins in service, in load order. */
  plugins(): readonly { definition: PluginDefinition }[];
}

interface Section {
  plugin: string;
  declared: SettingsDeclaration;
  definition: PluginDefinition | null;
}

/** The privileged service `allSettings` of one plugin. */
export class AllSettingsService implements AllSettings {
  constructor(
    private readonly pluginId: string,
    private readonly parts: AllSettingsParts,
  ) {}

  async sections(tenant: string | null, language?: string): Promise<SettingsSection[]> {
    const unit = this.#unitFor(tenant);
    const of = tenant ?? PORTAL;
    const sections: SettingsSection[] = [];
    for (const { plugin, declared, definition } of this.#declared()) {
      const schema = tenant === null ? declared.portal : declared.tenant;
      if (schema === undefined || Object.keys(schema.shape).length === 0) continue;
      const { resolved, version } = await this.parts.store.look(plugin, declared, of, unit);
      const text = textsOf(definition, language);
      sections.push({
        plugin,
        title: text('settings.title') ?? plugin,
        version,
        fields: [...resolved].map(([name, found]) => {
          const field = describeField(name, schema.shape[name] as z.ZodType, found, text);
          return plugin === 'kernel' && name === 'holidays' ? { ...field, proposals: proposals(text) } : field;
        }),
      });
    }
    return sections;
  }

  async change({ plugin, tenant, version, values, reset }: SettingsChange): Promise<number> {
    const unit = this.#unitFor(tenant);
    const { store, publish } = this.parts;
    const section = this.#declared().find((each) => each.plugin === plugin);
    const schema = tenant === null ? section?.declared.portal : section?.declared.tenant;
    if (section === undefined || schema === undefined) throw notFound(`There are no such settings of "${plugin}".`);
    const of = tenant ?? PORTAL;
    const parsed = parse(schema, values, reset);
    if (tenant !== null) await refuseUnknown(unit, tenant);
    await unit.kernel('insert into kernel.settings (plugin, tenant) values ($1, $2) on conflict do nothing', [plugin, of]);
    await unit.kernel('select from kernel.settings where plugin = $1 and tenant = $2 for update', [plugin, of]);
    const before = await store.look(plugin, section.declared, of, unit);
    if (before.version !== version) {
      throw conflict('settings-changed', 'Somebody else changed these settings meanwhile. Load them again, then change them.');
    }
    const fields: Record<string, unknown> = { ...before.fields };
    for (const field of reset) delete fields[field];
    for (const [field, value] of parsed) {
      const sealed = kindOf(schema, field) === 'secret';
      fields[field] = sealed ? await store.seal(plugin, of, field, value as string, unit) : value;
    }
    const named = [...new Set([...parsed.keys(), ...reset])];
    const changed = named.filter((field) => JSON.stringify(fields[field]) !== JSON.stringify(before.fields[field]));
    if (changed.length === 0) return version;
    await unit.kernel(
      `update kernel.settings set fields = $3, version = version + 1, changed_at = now() where plugin = $1 and tenant = $2`,
      [plugin, of, JSON.stringify(fields)],
    );
    await store.changed(unit);
    const after = (await store.look(plugin, section.declared, of, unit)).resolved;
    for (const field of changed) {
      const secret = kindOf(schema, field) === 'secret';
      const told = (resolved: ReadonlyMap<string, Resolved>): Recorded =>
        secret ? 'secret' : { value: resolved.get(field)?.value };
      await recordChange({ plugin, tenant, field, from: told(before.resolved), to: told(after) });
    }
    await publish({ plugin, tenant, fields: changed });
    return version + 1;
  }

  async tenants({ after = '', limit = MOST_TENANTS }: { after?: string; limit?: number } = {}): Promise<Tenant[]> {
    const { unit, principal } = currentFrame(this.pluginId);
    const scope = principal.tenants === '*' ? null : [...principal.tenants];
    const { rows } = await unit.kernel<Tenant & Record<string, unknown>>(
      'select id, kind from kernel.tenants where ($1::text[] is null or id = any($1)) and id > $2 order by id limit $3',
      [scope, after, Math.min(limit, MOST_TENANTS)],
    );
    return rows.map(({ id, kind }) => ({ id, kind }));
  }

  #declared(): Section[] {
    const ofPlugins = this.parts.plugins().flatMap(({ definition }): Section[] => {
      const { id, settings } = definition;
      return settings === undefined ? [] : [{ plugin: id, declared: settings, definition }];
    });
    return [{ plugin: 'kernel', declared: calendarSettings, definition: null }, ...ofPlugins];
  }

  #unitFor(tenant: string | null) {
    const { unit, principal } = currentFrame(this.pluginId);
    if (tenant === null && principal.tenants !== '*')
      throw forbidden('Only those who manage the portal have access to its settings.');
    if (tenant !== null && (!isTenantId(tenant) || !actsFor(principal.tenants, tenant))) {
      throw forbidden('You do not act for this tenant.');
    }
    return unit;
  }
}

async function refuseUnknown(unit: Unit, tenant: string): Promise<void> {
  const { rowCount } = await unit.kernel('select from kernel.tenants where id = $1 for share', [tenant]);
  if (rowCount === 0) throw notFound('There is no such tenant.');
}

const kindOf = (schema: z.ZodObject, field: string): FieldShape['kind'] | null => {
  const shape = Object.hasOwn(schema.shape, field) ? shapeOf(schema.shape[field] as z.ZodType) : '';
  return typeof shape === 'string' ? null : shape.kind;
};

/** @throws Problem 400 naming each field that is unknown or refused */
function parse(schema: z.ZodObject, values: Readonly<Record<string, unknown>>, reset: readonly string[]): Map<string, unknown> {
  const errors: FieldError[] = [];
  const parsed = new Map<string, unknown>();
  const tell = (path: readonly PropertyKey[], message: string) =>
    errors.push({
      in: 'body',
      pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
      message,
    });
  for (const field of reset)
    if (!Object.hasOwn(schema.shape, field)) tell(['reset'], `There is no setting "${field.slice(0, 60)}".`);
  for (const [field, value] of Object.entries(values)) {
    if (!Object.hasOwn(schema.shape, field)) {
      tell(['values', field.slice(0, 60)], 'There is no such setting.');
      continue;
    }
    if (reset.includes(field)) tell(['values', field], 'It cannot be set and reset in one request.');
    const unstorable = findUnstorable('body', { value });
    for (const { pointer, message } of unstorable)
      errors.push({ in: 'body', pointer: `/values/${field}${pointer.slice(6)}`, message });
    const result = (schema.shape[field] as z.ZodType).safeParse(value);
    // An undefined value would become the default, which a change cannot mean.
    if (value === undefined) tell(['values', field], 'It has no value.');
    else if (result.success) parsed.set(field, result.data);
    else
      for (const { path, message } of result.error.issues.slice(0, 20)) tell(['values', field, ...path], message.slice(0, 500));
  }
  if (errors.length > 0) {
    throw new Problem({
      type: 'validation-failed',
      status: 400,
      title: 'Validation failed',
      detail: errors.length === 1 ? 'One field is invalid.' : `${errors.length} fields are invalid.`,
      errors: errors.slice(0, 100),
    });
  }
  return parsed;
}

function describeField(name: string, schema: z.ZodType, found: Resolved, text: (key: string) => string | null): SettingField {
  const shape = shapeOf(schema) as FieldShape;
  const secret = shape.kind === 'secret';
  const kind =
    'options' in shape
      ? {
          kind: shape.kind,
          options: shape.options.map((value) => ({ value, label: text(`settings.${name}.options.${value}`) ?? value })),
        }
      : shape;
  return {
    ...kind,
    name,
    label: text(`settings.${name}.label`) ?? name,
    help: text(`settings.${name}.help`) ?? '',
    value: secret ? found.value !== '' : found.value,
    fallback: secret ? null : found.fallback,
    source: found.source,
    misfit: found.misfit,
    proposals: [],
  };
}

const proposals = (text: (key: string) => string | null): SettingField['proposals'] =>
  proposedYears.map((year) => ({
    label: `${year}-${year + 1}`,
    periods: flemishHolidays(year, (name) => text(`settings.holidayNames.${name}`) ?? name),
  }));
