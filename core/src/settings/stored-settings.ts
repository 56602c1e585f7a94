import type { z } from 'zod';
import type { SettingsDeclaration } from '../contract/settings.js';
import { deepFreeze } from '../foundation/freeze.js';
import { shapeOf } from '../foundation/setting-fields.js';

/** The key of the portal's own row among those of tenants. */
export const PORTAL = '';

/** Fields of one row in stored form; secrets are sealed. */
export type StoredFields = Readonly<Record<string, unknown>>;

/** The rows of one plugin for a tenant and for the portal. */
export interface StoredRows {
  tenant: StoredFields;
  portal: StoredFields;
}

export interface Resolved {
  value: unknown;
  source: 'tenant' | 'portal' | 'default';
  /** The value if nothing were set in the requested part. */
  fallback: unknown;
  /** The requested part has a stored value that the schema refuses. */
  misfit: boolean;
}

/** Opens the sealed text of a field of a row; undefined if that fails. */
export type Open = (tenant: string, field: string, sealed: unknown) => string | undefined;

/**
 * The effective values of one part. A stored value that the current schema refuses is ignored, for that field only.
 *
 * @param tenant id of the tenant; `PORTAL` for the part of the portal
 */
export function resolve(declared: SettingsDeclaration, tenant: string, rows: StoredRows, open: Open): Map<string, Resolved> {
  const part = tenant === PORTAL ? declared.portal : declared.tenant;
  const shared = tenant === PORTAL ? {} : (declared.portal?.shape ?? {});
  return new Map(
    Object.entries(part?.shape ?? {}).map(([field, schema]): [string, Resolved] => {
      const type = schema as z.ZodType;
      const read = (of: string, fields: StoredFields) => readField(type, field, of, fields, open);
      const ofPortal = tenant !== PORTAL && Object.hasOwn(shared, field) ? read(PORTAL, rows.portal) : null;
      const fallback =
        ofPortal?.ok === true
          ? { value: ofPortal.value, source: 'portal' as const }
          : { value: type.parse(undefined), source: 'default' as const };
      const own = read(tenant, tenant === PORTAL ? rows.portal : rows.tenant);
      const chosen =
        own?.ok === true ? { value: own.value, source: tenant === PORTAL ? ('portal' as const) : ('tenant' as const) } : fallback;
      return [field, { ...chosen, fallback: fallback.value, misfit: own?.ok === false }];
    }),
  );
}

/** Null: nothing is stored. */
function readField(
  schema: z.ZodType,
  field: string,
  tenant: string,
  fields: StoredFields,
  open: Open,
): { ok: true; value: unknown } | { ok: false } | null {
  if (!Object.hasOwn(fields, field)) return null;
  const shape = shapeOf(schema);
  const secret = typeof shape === 'object' && shape.kind === 'secret';
  const stored = secret ? open(tenant, field, fields[field]) : fields[field];
  // Not `undefined`, which the schema would replace by its default.
  if (stored === undefined) return { ok: false };
  const parsed = schema.safeParse(stored);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false };
}

export const valuesOf = (resolved: ReadonlyMap<string, Resolved>): Readonly<Record<string, unknown>> =>
  deepFreeze(Object.fromEntries([...resolved].map(([field, { value }]) => [field, value])));
