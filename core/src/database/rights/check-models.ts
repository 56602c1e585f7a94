import type { PluginDefinition } from '../../contract/plugin.js';
import { type ObjectionModel, readModel } from '../../foundation/models.js';
import { didYouMean } from '../../foundation/nearest-name.js';
import type { Catalog } from './catalog.js';

type Report = (where: string, message: string, remedy: string) => void;

/** Checks that the columns that models use exist. */
export function checkModelColumns({ models = {} }: PluginDefinition, { relations }: Catalog, report: Report): void {
  for (const [name, model] of Object.entries(models)) {
    for (const { where, table, column } of readModel(name, model as ObjectionModel).columns) {
      const columns = relations.get(table)?.columns;
      // A missing table is a fault of its own.
      if (columns === undefined || columns.has(column)) continue;
      report(
        where,
        `The table "${table}" has no column "${column}".`,
        `Add it in a migration, or correct the model.${didYouMean(column, columns.keys())}`,
      );
    }
  }
}
