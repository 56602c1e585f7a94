import type { PluginDefinition } from '../contract/plugin.js';
import { withFileTables } from '../foundation/file-tables.js';
import { type ModelShape, type ObjectionModel, readModel } from '../foundation/models.js';
import { didYouMean } from '../foundation/nearest-name.js';

type Report = (where: string, message: string, remedy: string) => void;

/** As classes are called, so that no model has the name of a service of the kernel or of another plugin's exports. */
const namePattern = /^[A-Z][A-Za-z0-9]*$/;

/** Checks that models have tables of the plugin and lead to models that the manifest lists. Their columns are compared after the migrations. */
export function checkModels(definition: PluginDefinition, report: Report): void {
  const models = Object.entries((definition.models ?? {}) as Record<string, ObjectionModel>);
  const tables = Object.keys(withFileTables(definition).tables ?? {});
  const tags = new Map<string, string>();
  for (const [name, model] of models) {
    const where = `models.${name}`;
    if (!namePattern.test(name)) {
      report(where, `"${name}" is not a valid name for a model.`, 'Start it with a capital letter, as the class: Shelf.');
    }
    if (definition.services?.[name] !== undefined) {
      report(where, `"${name}" is also the name of a service.`, 'Rename one of them: services get both by name.');
    }
    const shape = readModel(name, model);
    for (const { where: at, message } of shape.errors) report(at, message, 'Correct the model; Objection explains its members.');
    if (shape.table === '') continue;
    const namesake = tags.get(shape.tag);
    if (namesake !== undefined && definition.models?.[namesake] !== model) {
      report(
        where,
        `Its class and that of ${namesake} are both called "${model.name}" and have the table "${shape.table}"; Objection cannot tell them apart.`,
        'Give one of the classes another name.',
      );
    }
    tags.set(shape.tag, name);
    checkTables(name, shape, tables, report);
    for (const { where: at, model: related } of shape.related) {
      if (models.some(([, each]) => each === related)) continue;
      report(
        at,
        `It leads to the model "${related.name}", which the manifest does not list.`,
        `Add ${related.name} to models: only listed models run in the unit of work.`,
      );
    }
  }
}

function checkTables(name: string, { table, through }: ModelShape, tables: string[], report: Report): void {
  const remedy = (each: string) =>
    each.includes('.')
      ? 'Use the services and views that the other plugin exports; a model has a table of its own plugin.'
      : `Declare tables.${each}, or name a table that is declared.${didYouMean(each, tables)}`;
  if (!tables.includes(table)) {
    report(`models.${name}.tableName`, `The manifest declares no table "${table}".`, remedy(table));
  }
  for (const { where, table: joined } of through) {
    if (!tables.includes(joined)) report(where, `The manifest declares no table "${joined}".`, remedy(joined));
  }
}
