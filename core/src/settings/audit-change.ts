import { entryStatement } from '../audit/entry.js';
import { currentFrame } from '../context/frame.js';

/** A value as recorded in the audit log; secrets are recorded only as `secret`. */
export type Recorded = 'secret' | { value: unknown };

export interface RecordedChange {
  plugin: string;
  tenant: string | null;
  field: string;
  from: Recorded;
  to: Recorded;
}

/** Records in the audit log who changed a setting, with the effective values before and after, in the current unit of work. */
export async function recordChange({ plugin, tenant, field, from, to }: RecordedChange): Promise<void> {
  const frame = currentFrame('kernel');
  // The original asker, even if a plugin acts as another principal on their behalf.
  const by = frame.asker ?? frame.principal;
  const person = by.kind === 'person';
  const { text, values } = entryStatement(
    {
      actorKind: by.kind === 'system' ? 'operator' : by.kind,
      actor: person ? by.id : null,
      plugin,
      route: `setting ${field}`,
      params: {},
      status: 200,
      tenants: tenant === null ? '*' : [tenant],
      requestId: '',
    },
    { field, tenant, from, to },
  );
  await frame.unit.kernel(text, values);
}
