import type { Knex } from 'knex';
import type { ModelClasses } from '../contract/models.js';

interface MetadataOptions {
  table?: string;
  parentBuilder?: { tableNameFor(model: unknown): string };
}

/** The static members of Objection models that are replaced here. */
interface BoundModel {
  getTableName(): string;
  tableMetadata(options: { table: string }): object | null | undefined;
  fetchTableMetadata(options?: MetadataOptions & { force?: boolean }): Promise<object>;
}

/**
 * Binds a plugin's models to its knex, once: that knex finds the unit of work at each statement, so requests share the bound classes and
 * create none.
 */
export function bindModels(models: ModelClasses, knex: Knex): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => {
      const bound = model.bindKnex(knex) as BoundModel;
      keepMetadataApart(bound);
      return [name, bound];
    }),
  );
}

/**
 * Objection reads the columns of a table once and lets others wait for the running query. Here that query belongs to a unit of work, and
 * its failure must not reach another one.
 */
function keepMetadataApart(bound: BoundModel): void {
  const fetch = bound.fetchTableMetadata;
  bound.fetchTableMetadata = async function (this: BoundModel, options = {}) {
    const table = options.table ?? options.parentBuilder?.tableNameFor(this) ?? this.getTableName();
    return this.tableMetadata({ table }) ?? fetch.call(this, { ...options, table, force: true });
  };
}
