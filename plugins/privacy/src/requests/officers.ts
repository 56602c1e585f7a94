import { systemPrincipal } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';

const pageSize = 200;
const mostPages = 10;

/**
 * Ids of those who answer the requests of a school: its principals. Empty for the operator, whose people see open requests on their start
 * page.
 */
export function officersOf({ actAs }: Pick<Dependencies, 'actAs'>, school: string | null): Promise<string[]> {
  if (school === null) return Promise.resolve([]);
  return actAs(systemPrincipal(), async ({ directory, access }: Dependencies) => {
    const staff: string[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const { people } = await directory.peopleSearch.find({ search: '', school, kind: 'staff', page, size: pageSize });
      staff.push(...people.map(({ id }) => id));
      if (people.length < pageSize) break;
    }
    const roles = await access.rolesOfMany(staff);
    return roles
      .filter((each) => each.roles.some(({ role, tenant }) => role === 'principal' && tenant === school))
      .map(({ personId }) => personId);
  });
}
