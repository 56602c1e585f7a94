import type { SqlIdentity } from '../../context/unit.js';
import type { TenantScope } from '../../contract/principal.js';
import { KERNEL_PATH } from '../homes/session-settings.js';
import { literal, quote } from '../names.js';
import type { Lead } from './pipeline.js';
import type { Precondition } from './precondition.js';

export const kernelIdentity: SqlIdentity = { role: null, schema: null, tenants: [], viewer: 'privacy' };

/** Letters, digits and hyphens only, because the ids are joined by commas in a setting. */
export const isTenantId = (id: string): boolean => /^[A-Za-z0-9-]{1,64}$/.test(id);

const settings = ['role', 'search_path', 'ilearn.all_tenants', 'ilearn.tenants', 'ilearn.viewer'];

/** SQL that sets the identity from parameter `$first` on. The kernel's own role sees all people, and needs no list of restricted ones. */
function setFrom(first: number, { role }: SqlIdentity): string {
  const restricted = role === null ? `''` : `kernel.restricted_people($${first + settings.indexOf('ilearn.viewer')})`;
  return [
    ...settings.map((name, index) => `pg_catalog.set_config('${name}', $${first + index}, true)`),
    `pg_catalog.set_config('ilearn.restricted', ${restricted}, true)`,
  ].join(', ');
}

/** Suffix of the names of prepared statements, whose text differs for the kernel's own role. */
const kindOf = ({ role }: SqlIdentity): string => (role === null ? '_kernel' : '');

function valuesOf({ role, schema, tenants, viewer }: SqlIdentity): string[] {
  const { all, list } = scopeOf(tenants);
  return [role ?? 'none', schema === null ? KERNEL_PATH : `${quote(schema)}, pg_temp`, all, list, viewer];
}

/** Sets the identity of the running transaction, replacing any previous one. */
export const setIdentity = (identity: SqlIdentity): Lead => ({
  name: `ilearn_adopt${kindOf(identity)}`,
  text: `select ${setFrom(1, identity)}`,
  values: valuesOf(identity),
});

const refuseChanges = `pg_catalog.set_config('transaction_read_only', 'on', true)`;

/**
 * The same for a read-only transaction. The precondition is part of the same statement: it runs with the sender's rights, which PostgreSQL
 * checks before the first setting changes.
 */
export function setReadIdentity(identity: SqlIdentity, precondition: Precondition | null): Lead {
  const values = valuesOf(identity);
  const name = `ilearn_read${kindOf(identity)}`;
  if (precondition === null) return { name, text: `select ${refuseChanges}, ${setFrom(1, identity)}`, values };
  return {
    name: `${name}_${precondition.name}`,
    text: `select ${precondition.question}, ${refuseChanges}, ${setFrom(2, identity)}`,
    values: [precondition.value, ...values],
    judge: (row) => precondition.judge(row?.[0] ?? null),
  };
}

export function sameIdentity(one: SqlIdentity | null, other: SqlIdentity): boolean {
  if (one === null || one.role !== other.role || one.schema !== other.schema) return false;
  return other.role === null || (one.viewer === other.viewer && sameTenants(one.tenants, other.tenants));
}

/** The settings that row-level security policies read, for work that reaches the rows of all people. */
export function tenantSettings(tenants: TenantScope): string[] {
  const { all, list } = scopeOf(tenants);
  return [
    `set local ilearn.all_tenants = '${all}'`,
    `set local ilearn.tenants = ${literal(list)}`,
    `set local ilearn.viewer = 'privacy'`,
    `set local ilearn.restricted = ''`,
  ];
}

function scopeOf(tenants: TenantScope): { all: 'on' | 'off'; list: string } {
  if (tenants === '*') return { all: 'on', list: '' };
  for (const id of tenants) if (!isTenantId(id)) throw new Error(`not a tenant id: ${JSON.stringify(id)}`);
  return { all: 'off', list: tenants.join(',') };
}

function sameTenants(a: TenantScope, b: TenantScope): boolean {
  if (a === b) return true;
  if (a === '*' || b === '*') return false;
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
