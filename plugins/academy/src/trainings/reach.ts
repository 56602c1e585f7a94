import type { Dependencies } from '../dependencies.js';

/** Schools, and the school groups of which they are: a training may be published for either. */
export interface Reach {
  schools: readonly string[];
  groups: readonly string[];
}

/** One statement, by the portal: people of a school do not see the groups of others. */
export const reachOf = async (directory: Dependencies['directory'], schools: readonly string[]): Promise<Reach> => ({
  schools,
  groups: await directory.schools.groupsOf(schools),
});

/** SQL of the trainings `t` that are published for a reach: two bindings, its schools and its groups. */
export const publishedSql = `t.state = 'published' and (t.for_all or t.school_ids && ?::uuid[] or t.group_ids && ?::uuid[])`;
