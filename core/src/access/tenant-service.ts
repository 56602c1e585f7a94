import { currentFrame } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import type { Tenant, Tenants } from '../contract/privileged.js';
import { conflict } from '../contract/problem.js';
import { isTenantId } from '../database/unit/sql-identity.js';

/** Adds the tenants that do not exist yet. */
export async function registerTenants(unit: Unit, tenants: readonly Tenant[], pluginId = 'kernel'): Promise<void> {
  await unit.kernel(
    `insert into kernel.tenants (id, kind, plugin)
     select distinct on (id) id, kind, $2 from jsonb_to_recordset($1::jsonb) as n(id text, kind text) order by id
     on conflict do nothing`,
    [JSON.stringify(tenants), pluginId],
  );
}

/** Tenants in `kernel.tenants`; each call joins the current unit of work. */
export class TenantService implements Tenants {
  constructor(
    private readonly pluginId: string,
    private readonly kinds: readonly string[],
  ) {}

  async register(tenants: readonly Tenant[]): Promise<void> {
    for (const { id, kind } of tenants) {
      if (!this.kinds.includes(kind)) {
        throw new Error(`"${kind}" is not among the tenantKinds of ${this.pluginId}: ${this.kinds.join(', ') || 'it has none'}`);
      }
      if (!isTenantId(id)) throw new Error(`not a tenant id (letters, digits and hyphens, 64 at most): ${JSON.stringify(id)}`);
    }
    if (tenants.length === 0) return;
    const { unit } = currentFrame(this.pluginId);
    await registerTenants(unit, tenants, this.pluginId);
    const { rows: others } = await unit.kernel<Tenant>(
      `select t.id, t.kind from kernel.tenants t join jsonb_to_recordset($1::jsonb) as n(id text, kind text)
         on n.id = t.id and n.kind <> t.kind limit 1`,
      [JSON.stringify(tenants)],
    );
    if (others[0] !== undefined) {
      throw conflict(
        'tenant-kind',
        `The tenant ${others[0].id} is already registered with the kind ${others[0].kind}. Use another id.`,
      );
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    const { unit } = currentFrame(this.pluginId);
    // Locked first, so that no role is granted there in the meantime.
    await unit.kernel('select from kernel.tenants where id = any($1) and kind = any($2) order by id for update', [
      ids,
      this.kinds,
    ]);
    const { rows } = await unit.kernel<{ id: string }>(
      `select t.id from kernel.tenants t where id = any($1) and kind = any($2)
         and exists (select from kernel.role_grants g where g.tenant_id = t.id) limit 1`,
      [ids, this.kinds],
    );
    if (rows[0] !== undefined) {
      throw conflict('tenant-in-use', `Somebody still holds a role in the tenant ${rows[0].id}. Remove these roles first.`);
    }
    await unit.kernel(
      `with gone as (delete from kernel.tenants where id = any($1) and kind = any($2) returning id)
       delete from kernel.settings s using gone where s.tenant = gone.id`,
      [ids, this.kinds],
    );
  }

  async list(kind?: string): Promise<Tenant[]> {
    const { unit } = currentFrame(this.pluginId);
    const { rows } = await unit.kernel<Tenant>(
      'select id, kind from kernel.tenants where $1::text is null or kind = $1 order by id',
      [kind ?? null],
    );
    return rows.map(({ id, kind: of }) => ({ id, kind: of }));
  }
}
