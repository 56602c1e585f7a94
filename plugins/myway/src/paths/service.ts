import { forbidden, notFound, type Position, pageOf, type RouteRequest } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { conflicting, unacceptable } from '../problems.js';
import { titleContains } from '../title-words.js';
import type { NewPath, PathDetail, PathRow, PathSummary, Sequence, scopes } from './model.js';
import type { PathShape, PathShapes } from './shapes.js';
import type { Building } from './start-building-model.js';
import { plainStep, type StepToSave, saveSteps } from './steps.js';
import type { Block } from './structure.js';

interface PathToInsert {
  school: string;
  ownerId: string;
  title: string;
  description: string;
  sequence: Sequence;
  blocks?: readonly Block[];
  language?: string;
  /** Default: pupils. */
  audience?: PathRow['audience'];
}

export interface PathQuery {
  scope: (typeof scopes)[number];
  text?: string | undefined;
  language?: string | undefined;
  /** Language of the requester; shared paths in this language come first. */
  reader: string;
  limit: number;
  offset: number;
}

export interface PathList {
  paths: PathSummary[];
  total: number;
  languages: { language: string; count: number }[];
  /** `Link` to the next page. */
  headers: Record<string, string>;
}

type Tail<T extends readonly unknown[]> = T extends readonly [unknown, unknown, ...infer Rest] ? Rest : never;

/** A path with the values by which its list is sorted. */
interface ListedRow extends PathRow {
  sorted: Position;
}

const mostLanguages = 100;

/** Paths for teachers, who may edit their own paths and those that a colleague shares so, and read and copy the others that they see. */
export class PathService {
  private readonly knex;
  private readonly events;
  private readonly principal;
  private readonly directory;
  private readonly pathShapes;

  constructor({ knex, principal, directory, pathShapes, events }: Dependencies & { pathShapes: PathShapes }) {
    this.knex = knex;
    this.events = events;
    this.principal = principal;
    this.directory = directory;
    this.pathShapes = pathShapes;
  }

  async list(
    { scope, text, language, reader, limit, offset }: PathQuery,
    request: Pick<RouteRequest, 'after' | 'next'>,
  ): Promise<PathList> {
    const found = this.visible();
    if (scope === 'own') found.where('owner_id', this.principal.id);
    if (scope === 'shared') found.whereNull('school_id');
    if (scope === 'school') found.whereNotNull('school_id').whereRaw('owner_id is distinct from ?', [this.principal.id]);
    if (text) found.whereRaw(`concat_ws(' ', title, description) ilike ?`, [`%${text.replace(/[\\%_]/g, '\\$&')}%`]);
    const languages: PathList['languages'] = await found
      .clone()
      .select('language', this.knex.raw('count(*)::int as count'))
      .groupBy('language')
      .orderBy([{ column: 'count', order: 'desc' }, { column: 'language' }])
      .limit(mostLanguages);
    if (language !== undefined) found.where({ language });
    const after = request.after();
    const foreign = this.knex.raw(`split_part(language, '-', 1) <> ?`, [reader]);
    if (scope === 'shared') {
      found
        .select('paths.*', this.knex.raw('json_build_array(?, title, id) as sorted', [foreign]))
        .orderByRaw('?, title, id', [foreign]);
      if (after !== null) found.whereRaw('(?, title, id) > (?::boolean, ?::text, ?::uuid)', [foreign, ...after] as string[]);
    } else {
      // As text, because JSON would write the time with another precision.
      found
        .select('paths.*', this.knex.raw('json_build_array(updated_at::text, id) as sorted'))
        .orderByRaw('updated_at desc, id desc');
      if (after !== null) found.whereRaw('(updated_at, id) < (?::timestamptz, ?::uuid)', [...after] as string[]);
    }
    const listed: ListedRow[] = await found.limit(limit + 1).offset(after === null ? offset : 0);
    const { rows, headers } = pageOf(listed, limit, ({ sorted }) => sorted, request);
    const counted = languages.filter((one) => language === undefined || one.language === language);
    return {
      paths: await this.summaries(await this.pathShapes.ofMany(rows)),
      total: counted.reduce((sum, { count }) => sum + count, 0),
      languages,
      headers,
    };
  }

  /** Paths whose title contains these words: the caller's own first, then those of colleagues, then the shared ones. */
  async titled(text: string, limit: number): Promise<Pick<PathRow, 'id' | 'title' | 'description'>[]> {
    return titleContains(this.visible(), 'title', text)
      .select('id', 'title', 'description')
      .orderByRaw('owner_id is not distinct from ? desc, school_id is null, title, id', [this.principal.id])
      .limit(limit);
  }

  /** The paths of the principal's own that changed last. */
  async lastChanged(limit: number): Promise<Building[]> {
    const rows: (Omit<Building, 'changedAt'> & { updated_at: Date })[] = await this.visible()
      .where('owner_id', this.principal.id)
      .orderByRaw('updated_at desc, id')
      .limit(limit)
      .select('id', 'title', 'language', 'updated_at')
      .select(
        this.knex.raw(
          '(select count(*)::int from steps where steps.path_id = paths.id and steps.removed_at is null and not steps.extra) as steps',
        ),
      );
    return rows.map(({ updated_at, ...row }) => ({ ...row, changedAt: updated_at.toISOString() }));
  }

  async get(id: string): Promise<PathDetail> {
    const shape = await this.shape(id);
    const [summary] = await this.summaries([shape]);
    return { ...(summary as PathSummary), steps: shape.steps, blocks: shape.row.blocks };
  }

  /** @throws 404 if it does not exist or the principal may not see it */
  async shape(id: string): Promise<PathShape> {
    return this.pathShapes.of(await this.row(id));
  }

  async create({ activityIds, ...path }: NewPath): Promise<PathDetail> {
    const id = await this.insert({ ...path, ...this.ownerIn(path.school) }, activityIds.map(plainStep), atActivityIds);
    return this.get(id);
  }

  /** Inserts a path for any owner; callers must check permissions. Returns the id. */
  async insert(path: PathToInsert, steps: readonly StepToSave[], pointerTo?: (position: number) => string): Promise<string> {
    const [row] = await this.knex('paths')
      .insert({
        school_id: path.school,
        owner_id: path.ownerId,
        title: path.title,
        description: path.description,
        sequence: path.sequence,
        ...(path.language === undefined ? {} : { language: path.language }),
        ...(path.audience === undefined ? {} : { audience: path.audience }),
      })
      .returning(['id', 'school_id']);
    const { sequence, blocks = [] } = path;
    await this.storeSteps(row, steps, { sequence, blocks }, pointerTo);
    await this.events.publish('path-made', { school: row.school_id, pathId: row.id, ownerId: path.ownerId });
    return row.id;
  }

  /** Replaces the steps and blocks of a path. Returns the ids of steps by what the request calls them. */
  async storeSteps(
    row: Pick<PathRow, 'id' | 'school_id'>,
    ...rest: Tail<Parameters<typeof saveSteps>>
  ): Promise<ReadonlyMap<string, string>> {
    const { blocks, idOf } = await saveSteps({ knex: this.knex, shapes: this.pathShapes }, row, ...rest);
    await this.knex('paths')
      .where({ id: row.id })
      .update({ blocks: JSON.stringify(blocks) });
    return idOf;
  }

  /** Lets every teacher of the school change the path, or its owner alone; and says for whom it is meant. */
  async share(
    id: string,
    { colleaguesEdit, audience }: { colleaguesEdit?: boolean | undefined; audience?: PathRow['audience'] | undefined },
  ): Promise<PathDetail> {
    const row = await this.ownRow(id);
    if (audience !== undefined && audience !== row.audience) await this.checkAudience(row, audience);
    await this.knex('paths')
      .where({ id: row.id })
      .update({
        ...(colleaguesEdit === undefined ? {} : { colleagues_edit: colleaguesEdit }),
        ...(audience === undefined ? {} : { audience }),
        updated_at: this.knex.fn.now(),
      });
    return this.get(id);
  }

  /** @throws 409 while somebody follows it */
  private async checkAudience(row: PathRow, audience: PathRow['audience']): Promise<void> {
    const given = await this.knex('assignments').where({ path_id: row.id }).whereNull('ended_at').first('id');
    if (given)
      throw conflicting('path-followed', 'Somebody follows this path. Make a copy, and say of the copy for whom it is meant.');
    if (audience === 'staff' && row.blocks.some((block) => block.kind === 'branch' && block.on === 'teacher'))
      throw conflicting('nobody-chooses', 'Colleagues follow a path alone: nobody would choose their way at a branch.');
  }

  /** Copies a path and its steps into the given school, or into the path's own school if the caller teaches there. */
  async copy(id: string, options: { title?: string | undefined; school?: string | undefined }): Promise<PathDetail> {
    const { row, steps } = await this.shape(id);
    const copied = await this.insert(
      {
        title: options.title ?? row.title,
        description: row.description,
        language: row.language,
        sequence: row.sequence,
        audience: row.audience,
        blocks: row.blocks,
        school: this.schoolFor(options.school ?? (this.teachesIn(row.school_id) ? row.school_id : null)),
        ownerId: this.person(),
      },
      steps.map(({ id, ...step }) => ({ ...step, ref: id })),
    );
    return this.get(copied);
  }

  /** Removes the path from all lists. Its assignments must have ended; results are kept. */
  async remove(id: string): Promise<void> {
    const row = await this.ownRow(id);
    const given = await this.knex('assignments').where({ path_id: id }).whereNull('ended_at').first('id');
    if (given) {
      throw conflicting(
        'path-in-use',
        'Pupils are still working on this path. End its assignments first, or remove it with end=true.',
      );
    }
    await this.knex('paths').where({ id: row.id }).update({ deleted_at: this.knex.fn.now(), updated_at: this.knex.fn.now() });
  }

  /**
   * Puts a removed path back in the lists; one that is there stays as it is. Assignments that ended stay ended.
   *
   * @throws 404 or 403 unless the caller owns the path
   */
  async restore(id: string): Promise<PathDetail> {
    const row: PathRow | undefined = await this.knex('paths').where({ id }).first();
    if (!row) throw notFound();
    if (!this.isOwn(row)) throw forbidden('Only its owner puts a path back.');
    await this.knex('paths').where({ id }).update({ deleted_at: null, updated_at: this.knex.fn.now() });
    return this.get(id);
  }

  /** @throws 404 or 403 unless the caller owns the path */
  async checkOwn(id: string): Promise<void> {
    await this.ownRow(id);
  }

  isOwn(row: Pick<PathRow, 'owner_id'>): boolean {
    return row.owner_id !== null && row.owner_id === this.principal.id;
  }

  private mayEdit(row: PathRow): boolean {
    return this.isOwn(row) || (row.colleagues_edit && this.teachesIn(row.school_id));
  }

  private visible(): Knex.QueryBuilder {
    return this.knex('paths').whereNull('deleted_at');
  }

  private async row(id: string): Promise<PathRow> {
    const row = await this.visible().where({ id }).first();
    if (!row) throw notFound();
    return row;
  }

  /** @throws 404 or 403 unless the principal may change the path */
  async editableRow(id: string): Promise<PathRow> {
    const row = await this.row(id);
    if (!this.mayEdit(row)) throw forbidden('Only its owner changes a path. Make a copy of your own.');
    return row;
  }

  /**
   * Like {@link editableRow}; until the end of the unit of work, nobody else changes the path.
   *
   * @throws 404 or 403 unless the principal may change the path
   */
  async lockedRow(id: string): Promise<PathRow> {
    // Before the lock, under which the database does not show paths that the principal may only read.
    await this.editableRow(id);
    const row: PathRow | undefined = await this.visible().where({ id }).forUpdate().first();
    if (!row) throw notFound();
    return row;
  }

  private async ownRow(id: string): Promise<PathRow> {
    const row = await this.row(id);
    if (!this.isOwn(row)) throw forbidden('Only its owner changes a path. Make a copy of your own.');
    return row;
  }

  private async summaries(shapes: PathShape[]): Promise<PathSummary[]> {
    const owners = new Set(
      shapes.map(({ row }) => row.owner_id).filter((id): id is string => id !== null && id !== this.principal.id),
    );
    const people = await this.directory.people.getMany([...owners]);
    const names = new Map(people.map((person) => [person.id, `${person.givenName} ${person.familyName}`]));
    return shapes.map(({ row, steps, area, minutes }) => ({
      id: row.id,
      title: row.title,
      description: row.description,
      language: row.language,
      scope: row.school_id === null ? 'shared' : this.isOwn(row) ? 'own' : 'school',
      owner: (row.owner_id !== null && names.get(row.owner_id)) || null,
      editable: this.mayEdit(row),
      colleaguesEdit: row.colleagues_edit,
      audience: row.audience,
      sequence: row.sequence,
      version: row.version,
      minutes,
      area,
      steps,
      updatedAt: row.updated_at.toISOString(),
    }));
  }

  /** The owner of a new path of the caller's own, in the named or the only school of theirs. @throws 422, 403 */
  ownerIn(school: string | undefined): { ownerId: string; school: string } {
    return { ownerId: this.person(), school: this.schoolFor(school) };
  }

  private schoolFor(named: string | null | undefined): string {
    const schools = this.principal.tenants;
    const school = named ?? (schools !== '*' && schools.length === 1 ? schools[0] : undefined);
    if (school === undefined)
      throw unacceptable('school-needed', '/school', 'You teach in several schools: say for which one the path is.');
    if (!this.teachesIn(school)) throw unacceptable('school-unknown', '/school', 'You do not teach in this school.');
    return school;
  }

  private teachesIn(school: string | null): school is string {
    return school !== null && (this.principal.tenants === '*' || this.principal.tenants.includes(school));
  }

  private person(): string {
    if (this.principal.id === null) throw forbidden('A path belongs to a person.');
    return this.principal.id;
  }
}

const atActivityIds = (position: number): string => `/activityIds/${position}`;
