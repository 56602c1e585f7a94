import type { ModelClass } from '../contract/models.js';

/** The columns that one end of a relation joins by. */
interface JoinColumns {
  cols: string[];
}

interface ModelRelation {
  ownerProp: JoinColumns;
  relatedProp: JoinColumns;
  relatedModelClass: ObjectionModel;
  /** Null or absent unless the relation goes through a join table. */
  joinTableModelClass?: ObjectionModel | null;
  joinTableOwnerProp?: JoinColumns;
  joinTableRelatedProp?: JoinColumns;
  joinTableExtras?: { joinTableCol: string }[];
}

/** What the kernel uses of an Objection model (version 3), by its documented static members. */
export interface ObjectionModel extends ModelClass {
  name: string;
  isObjectionModelClass: boolean;
  /** The key under which Objection caches the bound class. */
  uniqueTag(): string;
  getTableName(): string;
  getIdColumnArray(): (string | null)[];
  getJsonSchema(): { properties?: Record<string, unknown> } | null;
  getJsonAttributes(): string[] | null;
  getVirtualAttributes(): string[];
  propertyNameToColumnName(property: string): string;
  getRelationNames(): string[];
  /** @throws Error if the mapping is wrong */
  getRelation(name: string): ModelRelation;
}

/** A column that a model uses, and where it says so. */
export interface ModelColumn {
  where: string;
  table: string;
  column: string;
}

export interface ModelShape {
  table: string;
  tag: string;
  columns: ModelColumn[];
  /** Other models that it leads to. */
  related: { where: string; model: ObjectionModel }[];
  /** Join tables that have no model. */
  through: { where: string; table: string }[];
  /** Why a part cannot be read: place → message. */
  errors: { where: string; message: string }[];
}

export const isModel = (value: unknown): value is ObjectionModel =>
  typeof value === 'function' && (value as Partial<ObjectionModel>).isObjectionModelClass === true && 'bindKnex' in value;

/** Reads the tables, columns and relations of the model that the manifest has under `name`. */
export function readModel(name: string, model: ObjectionModel): ModelShape {
  const where = `models.${name}`;
  const shape: ModelShape = { table: '', tag: '', columns: [], related: [], through: [], errors: [] };
  const attempt = (at: string, read: () => void) => {
    try {
      read();
    } catch (error) {
      shape.errors.push({ where: at, message: (error as Error).message });
    }
  };
  const uses = (at: string, table: string, columns: readonly (string | null)[] = []) => {
    for (const column of columns) if (column !== null) shape.columns.push({ where: at, table, column });
  };
  attempt(`${where}.tableName`, () => {
    shape.table = model.getTableName();
    shape.tag = model.uniqueTag();
  });
  if (shape.errors.length > 0) return shape;
  let relations: string[] = [];
  attempt(`${where}.relationMappings`, () => {
    relations = model.getRelationNames();
  });
  attempt(`${where}.idColumn`, () => uses(`${where}.idColumn`, shape.table, model.getIdColumnArray()));
  attempt(`${where}.jsonSchema`, () => {
    const noColumns = new Set([...relations, ...(model.getVirtualAttributes() ?? [])]);
    const properties = [...Object.keys(model.getJsonSchema()?.properties ?? {}), ...(model.getJsonAttributes() ?? [])];
    const columns = [...new Set(properties)].filter((property) => !noColumns.has(property));
    uses(
      `${where}.jsonSchema`,
      shape.table,
      columns.map((property) => model.propertyNameToColumnName(property)),
    );
  });
  for (const relation of relations) {
    const at = `${where}.relationMappings.${relation}`;
    attempt(at, () => {
      const { relatedModelClass, ownerProp, relatedProp, joinTableModelClass, ...join } = model.getRelation(relation);
      shape.related.push({ where: at, model: relatedModelClass });
      uses(at, shape.table, ownerProp.cols);
      uses(at, relatedModelClass.getTableName(), relatedProp.cols);
      if (joinTableModelClass === undefined || joinTableModelClass === null) return;
      const table = joinTableModelClass.getTableName();
      // Objection makes a nameless model for a join table that has none.
      if (isMadeForJoin(joinTableModelClass)) shape.through.push({ where: at, table });
      else shape.related.push({ where: at, model: joinTableModelClass });
      uses(at, table, [...(join.joinTableOwnerProp?.cols ?? []), ...(join.joinTableRelatedProp?.cols ?? [])]);
      uses(
        at,
        table,
        join.joinTableExtras?.map(({ joinTableCol }) => joinTableCol),
      );
    });
  }
  return shape;
}

const isMadeForJoin = (model: ObjectionModel): boolean => model.name === 'Model';
