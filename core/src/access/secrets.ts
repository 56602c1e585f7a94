import { hkdfSync, randomBytes } from 'node:crypto';
import type { Secrets } from '../contract/services.js';
import type { Unit } from '../database/unit.js';

/**
 * The portal's master key: `SECRET_KEY` when the operator gives one, else made once and kept in the database, so that all
 * processes share it.
 */
export async function readMasterKey(unit: Unit, configured: string | undefined): Promise<Uint8Array> {
  if (configured !== undefined) return Buffer.from(configured, 'utf8');
  await unit.kernel(`insert into kernel.secrets (name, value) values ('master', $1) on conflict do nothing`, [randomBytes(32)]);
  const { rows } = await unit.kernel<{ value: Buffer }>(`select value from kernel.secrets where name = 'master'`);
  return (rows[0] as { value: Buffer }).value;
}

/** Keys for one plugin, so that no two plugins can hold the same. */
export class SecretService implements Secrets {
  constructor(
    private readonly pluginId: string,
    private readonly master: () => Uint8Array,
  ) {}

  async key(purpose: string): Promise<Uint8Array> {
    return new Uint8Array(hkdfSync('sha256', this.master(), 'ilearn', `${this.pluginId}/${purpose}`, 32));
  }
}
