import { notFound, Problem, type Upload } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import { readers } from '../permissions.js';
import { isPicture, mostPictures, unusedHours } from './files.js';
import type { Material } from './model.js';
import { materialsIn } from './shown.js';

type Services = Pick<Dependencies, 'knex' | 'principal' | 'files'>;

/** Files and pictures of the activities that teachers make. */
export class Materials {
  readonly #services: Services;

  constructor({ knex, principal, files }: Services) {
    this.#services = { knex, principal, files };
  }

  /** @param school one of the caller's schools */
  async add(upload: Upload, school: string): Promise<Material> {
    const { id, name, type, bytes } = await this.#services.files.keep('materials', upload, { tenant: school });
    return { id, name, type, bytes, picture: isPicture(type) };
  }

  /** The attached files of an activity, in order. */
  async attachedTo(activity: string): Promise<Material[]> {
    const rows = await this.#services
      .knex('activity_materials as l')
      .join('materials as m', 'm.id', 'l.material_id')
      .where('l.activity_id', activity)
      .whereNotNull('l.position')
      .orderBy('l.position')
      .select<Omit<Material, 'picture'>[]>('m.id', 'm.name', 'm.type', this.#services.knex.raw('m.bytes::int as bytes'));
    return rows.map((row) => ({ ...row, picture: isPicture(row.type) }));
  }

  /**
   * Stores which materials an activity has: the attached files, and those to which its text refers.
   *
   * @throws Problem `library/invalid-activity` (422) if one is no file of the activity's school
   */
  async use(activity: string, school: string, attached: readonly string[], markdown: string): Promise<void> {
    const { knex } = this.#services;
    const inText = materialsIn(markdown).filter((id) => !attached.includes(id));
    if (inText.length > mostPictures) throw invalid('/markdown', `may have at most ${mostPictures} pictures`);
    const all = [...attached, ...inText];
    const known: string[] = await knex('materials')
      .where({ school_id: school })
      .whereRaw('id = any(?::uuid[])', [all])
      .pluck('id');
    const strange = attached.findIndex((id) => !known.includes(id));
    if (strange !== -1) throw invalid(`/files/${strange}`, 'is not a file that was uploaded for this school');
    if (inText.some((id) => !known.includes(id))) {
      throw invalid('/markdown', 'refers to a picture or file that was not uploaded for this school');
    }
    await knex('activity_materials').where({ activity_id: activity }).delete();
    if (all.length === 0) return;
    await knex('activity_materials').insert(
      all.map((id, index) => ({
        activity_id: activity,
        material_id: id,
        school_id: school,
        position: index < attached.length ? index : null,
      })),
    );
  }

  /**
   * Checks that the caller may open a file. Staff may open those of their school. Pupils may open those of activities of their school that are
   * meant for pupils.
   *
   * @throws 404 otherwise
   */
  async checkOpen(id: string): Promise<void> {
    const { knex, principal } = this.#services;
    const file = await knex('materials').where({ id }).first<{ school_id: string } | undefined>('school_id');
    if (file === undefined) throw notFound();
    if (principal.roles.some(({ role, tenant }) => readers.includes(role) && tenant === file.school_id)) return;
    const used = await knex('activity_materials as l')
      .join('activities as a', 'a.id', 'l.activity_id')
      .where({ 'l.material_id': id, 'a.teacher_only': false })
      .first('l.activity_id');
    if (used === undefined) throw notFound();
  }

  /** Removes uploads that no activity uses, older than some hours. Returns how many. */
  async removeUnused(hours = unusedHours): Promise<number> {
    const { knex } = this.#services;
    return knex('materials')
      .whereRaw(`created_at < now() - ? * interval '1 hour'`, [hours])
      .whereRaw('not exists (select 1 from activity_materials l where l.material_id = materials.id)')
      .delete();
  }
}

const invalid = (pointer: string, message: string): Problem =>
  new Problem({
    type: 'library/invalid-activity',
    status: 422,
    title: 'The activity cannot be stored',
    errors: [{ in: 'body', pointer, message }],
  });
