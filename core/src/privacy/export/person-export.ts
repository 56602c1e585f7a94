import type { PersonFiles } from '../../contract/plugin.js';
import type { TenantScope } from '../../contract/principal.js';
import type { PrivatePlugin } from '../person-table.js';
import type { PersonRows } from './person-data.js';

export interface PersonExport {
  person: string;
  portal: string;
  madeAt: string;
  /** The tenants whose rows it contains. */
  tenants: TenantScope;
  /** Plugins out of service, whose data are missing. */
  absent: string[];
}

/** One part of the export: the kernel first, then the plugins in load order. */
export interface ExportPart {
  id: string;
  /** Null: the kernel. */
  plugin: PrivatePlugin | null;
  tables: PersonRows[];
  /** What the plugin's export hook adds. */
  own(): Promise<PersonFiles>;
}

/** A part after it was written: what the hook returned, and what was found in the tables. */
export interface WrittenPart extends Omit<ExportPart, 'own' | 'tables'> {
  tables: (PersonRows & { found: Found })[];
  /** JSON. */
  data: string | null;
  files: string[];
}

export interface Found {
  rows: number;
  columns: string[];
  /** Columns that are not empty in every row. */
  filled: Set<string>;
}

export const emptyCell = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
