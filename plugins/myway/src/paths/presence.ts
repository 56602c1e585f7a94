import type { Dependencies } from '../dependencies.js';
import type { PathService } from './service.js';
import { mostPresent, presentSeconds } from './version-model.js';
import type { PathVersions } from './versions.js';

interface Present {
  name: string;
  stepId: string | null;
}

/** Who has a path open in the builder. */
export class PathPresence {
  private readonly knex;
  private readonly live;
  private readonly principal;
  private readonly pathService;
  private readonly versions;

  constructor({
    knex,
    live,
    principal,
    pathService,
    versions,
  }: Dependencies & { pathService: PathService; versions: PathVersions }) {
    this.knex = knex;
    this.live = live;
    this.principal = principal;
    this.pathService = pathService;
    this.versions = versions;
  }

  /**
   * Says that the principal has the path open, and returns who else has. `stepId`: the step that they look at; `leaving`: they close it.
   *
   * @throws 404 or 403 unless the principal may change the path
   */
  async here(pathId: string, { stepId, leaving }: { stepId: string | null; leaving: boolean }): Promise<Present[]> {
    const { school_id } = await this.pathService.editableRow(pathId);
    const key = { path_id: pathId, person_id: this.principal.id };
    const before = await this.knex('path_presence').where(key).first('step_id', 'seen_at');
    if (leaving) await this.knex('path_presence').where(key).delete();
    else {
      await this.knex('path_presence')
        .insert({ ...key, school_id, step_id: stepId, seen_at: this.knex.fn.now() })
        .onConflict(['path_id', 'person_id'])
        .merge();
    }
    // A sign of life that says nothing new is not told.
    if (leaving || before === undefined || before.step_id !== stepId)
      await this.live.publish('path', { pathId }, { kind: 'people' });
    return this.others(pathId);
  }

  private async others(pathId: string): Promise<Present[]> {
    const rows: { person_id: string; step_id: string | null }[] = await this.knex('path_presence')
      .where({ path_id: pathId })
      .whereRaw('person_id is distinct from ?', [this.principal.id])
      .whereRaw(`seen_at > now() - make_interval(secs => ?)`, [presentSeconds])
      .orderBy('person_id')
      .limit(mostPresent);
    const names = await this.versions.namesOf(rows.map(({ person_id }) => person_id));
    return rows.flatMap(({ person_id, step_id }) => {
      const name = names.get(person_id);
      return name === undefined ? [] : [{ name, stepId: step_id }];
    });
  }
}
