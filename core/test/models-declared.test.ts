import type { PluginDefinition } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { Model } from 'objection';
import { expect, test } from 'vitest';
import { checkPlugins } from '../dist/plugins/check.js';
import { plugin } from './support/fixtures.js';
import { migrateOn, refusalOf } from './support/portal.js';
import { Author, Book, models, Shelf, shelves, tables } from './support/shelves.js';

const faultsOf = (definition: PluginDefinition): string[] =>
  checkPlugins([{ definition, origin: '@test/shelves', rawConfig: undefined }]).faults.map(
    ({ where, message, remedy }) => `${where}: ${message} ${remedy}`,
  );

const model = (tableName: unknown, rest: object = {}) => Object.assign(class Loose extends Model {}, { tableName, ...rest });
const joining = (relation: object) => model('shelves', { relationMappings: { books: relation } });
const join = { from: 'shelves.id', to: 'books.shelf_id' };
const many = { relation: Model.HasManyRelation, modelClass: Book, join };
const through = {
  relation: Model.ManyToManyRelation,
  modelClass: Author,
  join: { from: 'shelves.id', through: { from: 'kept.shelf_id', to: 'kept.author_id' }, to: 'authors.id' },
};

test.each<[string, Record<string, unknown>, RegExp]>([
  ['no model', { Shelf: class {} }, /^models\.Shelf: is not an Objection model: a class that extends Model/],
  [
    'a table that is not declared',
    { Page: model('boks') },
    /^models\.Page\.tableName: .* no table "boks"\. .*Did you mean "books"\?/,
  ],
  [
    'a table of another plugin',
    { Class: model('directory.classes') },
    /^models\.Class\.tableName: .*"directory\.classes"\. Use the services/,
  ],
  ['no table', { Page: model(undefined) }, /^models\.Page\.tableName: Model Loose must have a static property tableName/],
  ['a name like a service', { shelf: Shelf, Book, Author }, /^models\.shelf: "shelf" is not a valid name for a model/],
  [
    'a relation to an unlisted model',
    { Shelf, Author },
    /^models\.Shelf\.relationMappings\.books: It leads to the model "Book", .* Add Book/,
  ],
  [
    'a relation without a model',
    { Page: joining({ ...many, modelClass: undefined }) },
    /relationMappings\.books: .*modelClass is not defined/,
  ],
  [
    'a relation to a file',
    { Page: joining({ ...many, modelClass: '/nowhere/book.js' }) },
    /relationMappings\.books: .*Cannot find module/,
  ],
  [
    'a relation over foreign tables',
    { ...models, Page: joining({ ...many, join: { from: 'shelves.id', to: 'elsewhere.id' } }) },
    /^models\.Page\.relationMappings\.books: .*'elsewhere' is not correct/,
  ],
  [
    'a join table that is not declared',
    { ...models, Page: joining(through) },
    /^models\.Page\.relationMappings\.books: The manifest declares no table "kept"/,
  ],
  [
    'relations that throw',
    {
      Page: model('shelves', {
        relationMappings: () => {
          throw new Error('not yet');
        },
      }),
    },
    /^models\.Page\.relationMappings: not yet/,
  ],
  [
    'two classes that Objection cannot tell apart',
    { ...models, One: model('shelves'), Other: model('shelves') },
    /^models\.Other: Its class and that of One are both called "Loose"/,
  ],
])('models: %s is refused with its place before any code runs', (_, wrong, expected) => {
  const found = faultsOf(plugin('shelves', { tables, models: wrong as never }));
  expect(
    found.filter((fault) => expected.test(fault)),
    found.join('\n'),
  ).toHaveLength(1);
});

test('models: a model has no name of a service', () => {
  expect(faultsOf(plugin('shelves', { tables, models, services: { Shelf: class {} } })).join()).toContain(
    'models.Shelf: "Shelf" is also the name of a service.',
  );
  expect(faultsOf(plugin('shelves', { tables, models }))).toEqual([]);
});

test('models: after the migrations each column that a model names exists', async () => {
  class Odd extends Model {
    static override tableName = 'shelves';
    static override idColumn = ['id', 'nr'];
    static override jsonSchema = {
      type: 'object',
      properties: { nam: { type: 'string' }, books: { type: 'array' }, school_id: { type: 'string' }, shown: { type: 'string' } },
    };
    static override virtualAttributes = ['shown'];
    static override relationMappings = () => ({
      books: { relation: Model.HasManyRelation, modelClass: Book, join: { from: 'shelves.id', to: 'books.shelf' } },
    });
  }
  const home = await openTestHome();
  try {
    const refusal = await refusalOf(migrateOn(home, [{ ...shelves, models: { ...models, Odd } }]));
    expect(refusal.match(/models\.\S+/g)).toEqual([
      'models.Odd.idColumn',
      'models.Odd.jsonSchema',
      'models.Odd.relationMappings.books',
    ]);
    expect(refusal).toContain('The table "shelves" has no column "nr".');
    expect(refusal).toContain('The table "shelves" has no column "nam".');
    expect(refusal).toContain('Did you mean "name"?');
    expect(refusal).toContain('The table "books" has no column "shelf".');
    await migrateOn(home, [shelves]);
  } finally {
    await home.close();
  }
});
