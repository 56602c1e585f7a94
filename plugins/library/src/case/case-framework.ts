import { type KernelCradle, notFound } from '@ilearn/core';
import type { Knex } from 'knex';

export const casePath = '/ims/case/v1p1';
/** Relations of one item in an answer. */
export const mostAssociations = 2_000;

/** CFDocument, CFItem and CFAssociation of CASE 1.1 §4, with the members that a concept scheme can fill. */
export interface CaseDocument {
  identifier: string;
  uri: string;
  creator: string;
  title: string;
  version?: string;
  lastChangeDateTime: string;
  caseVersion: '1.1';
  CFPackageURI: Link;
}
export interface CaseItem {
  identifier: string;
  uri: string;
  fullStatement: string;
  humanCodingScheme?: string;
  notes?: string;
  lastChangeDateTime: string;
  CFDocumentURI: Link;
}
export interface CaseAssociation {
  identifier: string;
  uri: string;
  associationType: 'isChildOf' | 'isRelatedTo';
  originNodeURI: Link;
  destinationNodeURI: Link;
  lastChangeDateTime: string;
}
export interface Link {
  title: string;
  identifier: string;
  uri: string;
}

interface Scheme {
  id: string;
  version_id: string;
  uri: string;
  label: string;
  declared_version: string | null;
  imported_at: Date;
}

interface Concept {
  id: string;
  document_id: string;
  scheme_label: string;
  uri: string;
  label: string;
  definition: string | null;
  notation: string | null;
  scheme_uri: string;
  imported_at: Date;
}

interface Relation extends Concept {
  relation_id: string;
  kind: 'isChildOf' | 'isRelatedTo';
  to_id: string;
  to_label: string;
}

/** SQL: the UUID of a URI, the same for ever. CASE identifies by UUIDs, SKOS by URIs; it is made like version 3 (RFC 9562 §5.3), without a namespace. */
const idOf = (uri: string): string => `overlay(overlay(md5(${uri}) placing '3' from 13) placing '8' from 17)::uuid`;

/** Concepts of all versions. */
const concepts = `select c.*, v.scheme_uri, v.imported_at, v.label as scheme_label, ${idOf('v.scheme_uri')} as document_id
  from concepts c join scheme_versions v on v.id = c.scheme_version_id`;
/** Concepts of the newest version of each scheme. */
const newest = `${concepts} where c.newest`;

/** The curriculum in the words of CASE: each scheme is a document, each concept an item. */
export class CaseFrameworks {
  readonly #knex: Knex;
  readonly #base: string;

  constructor({ knex, portal }: Pick<KernelCradle, 'knex' | 'portal'>) {
    this.#knex = knex;
    this.#base = `${portal.url}/api/library${casePath}`;
  }

  async documents(limit: number, offset: number): Promise<{ documents: CaseDocument[]; total: number }> {
    const rows: Scheme[] = await this.#schemes().orderBy('scheme.uri').limit(limit).offset(offset);
    const [counted] = await this.#knex('schemes').count({ total: '*' });
    return { documents: rows.map((row) => this.#document(row)), total: Number(counted?.total ?? 0) };
  }

  /** @throws Problem 404 */
  async document(id: string): Promise<{ document: CaseDocument; version: string }> {
    const [row]: Scheme[] = await this.#schemes().whereRaw(`${idOf('scheme.uri')} = ?`, [id]);
    if (row === undefined) throw notFound();
    return { document: this.#document(row), version: row.version_id };
  }

  /** @throws Problem 404 */
  async item(id: string): Promise<CaseItem> {
    const { rows } = await this.#knex.raw<{ rows: Concept[] }>(
      `select ${idOf('found.uri')} as id, found.* from (${newest}) found where ${idOf('found.uri')} = ? order by found.scheme_uri limit 1`,
      [id],
    );
    if (rows[0] === undefined) throw notFound();
    return this.#item(rows[0]);
  }

  /** The relations of an item to broader and related ones, at most {@link mostAssociations}. */
  async associationsOf(id: string): Promise<CaseAssociation[]> {
    return this.#associations(newest, `where ${idOf('found.uri')} = ?`, [id], mostAssociations);
  }

  /** Items of a version of a scheme by URI, after that of the previous part. A newer version that is stored meanwhile changes nothing. */
  async part(version: string, after: string, limit: number): Promise<{ items: CaseItem[]; last: string | null }> {
    const { rows } = await this.#knex.raw<{ rows: Concept[] }>(
      `select ${idOf('found.uri')} as id, found.* from (${concepts} where c.scheme_version_id = ? and c.uri > ? order by c.uri limit ?) found
        order by found.uri`,
      [version, after, limit],
    );
    return { items: rows.map((row) => this.#item(row)), last: rows.at(-1)?.uri ?? null };
  }

  /** Relations of the same items as {@link part}. */
  associationsIn(version: string, after: string, limit: number): Promise<CaseAssociation[]> {
    const some = `where found.uri in (select uri from concepts where scheme_version_id = ? and uri > ? order by uri limit ?)`;
    return this.#associations(concepts, `${some} and found.scheme_version_id = ?`, [version, after, limit, version], null);
  }

  /** @param of SQL of the concepts whose relations are wanted */
  async #associations(of: string, where: string, values: (string | number)[], limit: number | null): Promise<CaseAssociation[]> {
    const { rows } = await this.#knex.raw<{ rows: Relation[] }>(
      `select ${idOf('found.uri')} as id, found.uri, found.label, found.imported_at, to_concept.kind,
              ${idOf(`found.uri || ' ' || to_concept.kind || ' ' || to_concept.uri`)} as relation_id,
              ${idOf('to_concept.uri')} as to_id, coalesce(named.label, to_concept.uri) as to_label
         from (${of}) found
        cross join lateral (
          select unnest(found.broader) as uri, 'isChildOf' as kind
          union all select unnest(found.related), 'isRelatedTo') to_concept
         left join newest_concepts named on named.uri = to_concept.uri
        ${where} order by found.uri, to_concept.kind, to_concept.uri ${limit === null ? '' : `limit ${limit}`}`,
      values,
    );
    return rows.map((row) => this.#association(row));
  }

  #schemes(): Knex.QueryBuilder {
    return this.#knex('schemes as scheme')
      .join('scheme_versions as version', (on) =>
        on.on('version.scheme_uri', 'scheme.uri').andOn('version.version', 'scheme.newest'),
      )
      .select(
        { version_id: 'version.id', uri: 'scheme.uri', label: 'version.label' },
        'version.declared_version',
        'version.imported_at',
        this.#knex.raw(`${idOf('scheme.uri')} as id`),
      );
  }

  #document({ id, label, declared_version, imported_at }: Scheme): CaseDocument {
    return {
      identifier: id,
      uri: `${this.#base}/CFDocuments/${id}`,
      creator: 'Vlaamse overheid',
      title: label,
      ...(declared_version === null ? {} : { version: declared_version }),
      lastChangeDateTime: imported_at.toISOString(),
      caseVersion: '1.1',
      CFPackageURI: { title: label, identifier: id, uri: `${this.#base}/CFPackages/${id}` },
    };
  }

  #item({ id, label, definition, notation, document_id, scheme_label, imported_at }: Concept): CaseItem {
    return {
      identifier: id,
      uri: this.#link(id, label).uri,
      fullStatement: label,
      ...(notation === null ? {} : { humanCodingScheme: notation }),
      ...(definition === null ? {} : { notes: definition }),
      lastChangeDateTime: imported_at.toISOString(),
      CFDocumentURI: { title: scheme_label, identifier: document_id, uri: `${this.#base}/CFDocuments/${document_id}` },
    };
  }

  #association({ id, label, imported_at, relation_id, kind, to_id, to_label }: Relation): CaseAssociation {
    return {
      identifier: relation_id,
      uri: `${this.#base}/CFItemAssociations/${id}#${relation_id}`,
      associationType: kind,
      originNodeURI: this.#link(id, label),
      destinationNodeURI: this.#link(to_id, to_label),
      lastChangeDateTime: imported_at.toISOString(),
    };
  }

  #link(id: string, title: string): Link {
    return { title, identifier: id, uri: `${this.#base}/CFItems/${id}` };
  }
}
