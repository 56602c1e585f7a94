import type { Dependencies } from '../dependencies.js';
import { sourceOf } from './offered.js';

/** What a school needs before pupils can begin: nothing, an account of the tool for each pupil, or a payment. */
export type Access = 'open' | 'account' | 'paid';

/** Sources of tools by the access that they need. Tools that do not say it are in none. */
export type SourcesByAccess = Record<Access, string[]>;

export function sourcesByAccess({ contributions }: Pick<Dependencies, 'contributions'>): SourcesByAccess {
  const sources: SourcesByAccess = { open: [], account: [], paid: [] };
  for (const { value } of contributions.of('tools')) {
    if (value.about === undefined) continue;
    const { price, account } = value.about;
    sources[price !== 'free' ? 'paid' : account === 'required' ? 'account' : 'open'].push(sourceOf(value.key));
  }
  return sources;
}

/** SQL of the {@link Access} of a row of `activities a`; null if unknown. A text is part of the portal. */
export const accessSql = ({ open, account, paid }: SourcesByAccess): { sql: string; bindings: unknown[] } => ({
  sql: `case when a.kind = 'text' or a.source = any(?::text[]) then 'open' when a.source = any(?::text[]) then 'account'
    when a.source = any(?::text[]) then 'paid' end`,
  bindings: [open, account, paid],
});
