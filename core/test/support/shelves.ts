import { definePlugin, type KernelCradle, type Models, type PrivilegedCradle, routeFor } from '@ilearn/core';
import { Model } from 'objection';
import { z } from 'zod';

export class Shelf extends Model {
  static override tableName = 'shelves';
  static override jsonSchema = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };
  static override modifiers = {
    named: (query: any, name: string) => void query.where('name', name),
    /** What a hostile author writes. */
    prying: (query: any) => void query.select(Model.raw("pg_read_file('/etc/passwd')")),
    peeping: (query: any) => void query.select(Model.raw('(select count(*) from ilearn.sessions)')),
  };
  static override relationMappings = () => ({
    books: { relation: Model.HasManyRelation, modelClass: Book, join: { from: 'shelves.id', to: 'books.shelf_id' } },
  });
  declare id: string;
  declare school_id: string;
  declare name: string;
  declare books?: Book[];
}

export class Book extends Model {
  static override tableName = 'books';
  static override relationMappings = () => ({
    shelf: { relation: Model.BelongsToOneRelation, modelClass: Shelf, join: { from: 'books.shelf_id', to: 'shelves.id' } },
    authors: {
      relation: Model.ManyToManyRelation,
      modelClass: Author,
      join: {
        from: 'books.id',
        through: { from: 'written.book_id', to: 'written.author_id', extra: ['part', 'school_id'] },
        to: 'authors.id',
      },
    },
  });
  declare id: string;
  declare school_id: string;
  declare title: string;
  declare slug: string;
  declare authors?: Author[];
  override async $beforeInsert() {
    this.slug = this.title.toLowerCase().replaceAll(' ', '-');
  }
}

export class Author extends Model {
  static override tableName = 'authors';
  declare id: string;
  declare school_id: string;
  declare name: string;
}

export const models = { Shelf, Book, Author };

export interface Cradle extends KernelCradle, Models<typeof models>, Pick<PrivilegedCradle, 'actAs'> {}

export const tables = {
  shelves: { tenant: 'school_id' },
  books: { tenant: 'school_id' },
  authors: { tenant: 'school_id' },
  written: { tenant: 'school_id', notPeople: { author_id: 'an author of books' } },
};

export const shelves = definePlugin({
  id: 'shelves',
  version: '1.0.0',
  privileges: ['actAs'],
  permissions: { 'shelf:read': ['teacher'] },
  tables,
  models,
  migrations: [
    {
      name: '0001_shelves',
      up: `create table shelves (id uuid primary key default gen_random_uuid(), school_id uuid not null, name text not null);
           create table books (id uuid primary key default gen_random_uuid(), school_id uuid not null,
             shelf_id uuid not null references shelves, title text not null, slug text not null);
           create table authors (id uuid primary key default gen_random_uuid(), school_id uuid not null, name text not null);
           create table written (book_id uuid references books, author_id uuid references authors, school_id uuid not null,
             part text, primary key (book_id, author_id))`,
      down: 'drop table written, authors, books, shelves',
    },
  ],
  routes: [
    routeFor<Cradle>()({
      method: 'GET',
      path: '/shelves',
      summary: 'Shelves with their books',
      permission: 'shelf:read',
      machines: { none: 'a test' },
      responses: { 200: z.array(z.object({ name: z.string(), books: z.array(z.object({ title: z.string() })) })).max(100) },
      handler: async ({ services: { Shelf } }) =>
        (await Shelf.query().withGraphFetched('books').orderBy('name').limit(100)) as (Shelf & { books: Book[] })[],
    }),
  ],
});
