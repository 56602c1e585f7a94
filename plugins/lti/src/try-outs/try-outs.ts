import { createHash } from 'node:crypto';
import { conflict, forbidden, notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { LaunchService } from '../launches/launch-service.js';

/** Launches of activities by teachers who look around in the library: as Instructor, in no context, and not scored. */
export class TryOuts {
  readonly #principal: Dependencies['principal'];
  readonly #library: Dependencies['library'];
  readonly #launches: LaunchService;

  constructor({ principal, library, launches }: Dependencies & { launches: LaunchService }) {
    this.#principal = principal;
    this.#library = library;
    this.#launches = launches;
  }

  /**
   * @param school where the teacher works; undefined: their first school
   * @returns the address that the browser must open
   * @throws Problem 404 for an unknown activity, 409 if it is not an exercise of a tool or cannot be opened now
   */
  async start(activityId: string, school: string | undefined): Promise<{ url: string }> {
    const personId = this.#principal.id;
    const activity = await this.#library?.activities.get(activityId);
    const content = await this.#library?.activities.contentOf(activityId);
    if (!activity || !content || personId === null) throw notFound();
    if (content.kind !== 'lti' || content.lti === undefined) {
      throw conflict('lti/not-a-tool', 'This activity is not an exercise of a tool.');
    }
    if (!activity.available) throw conflict('lti/tool-unavailable', 'This activity was taken out of the library.');
    const { registration, targetLinkUri, custom, presentation } = content.lti;
    const at = this.#school(school);
    return this.#launches.start({
      registration,
      targetLinkUri,
      custom,
      presentation,
      resourceLinkId: linkOf(at, activityId),
      title: activity.title,
      context: null,
      school: at,
      personId,
      role: 'Instructor',
      lineItem: null,
      returnPath: `/bibliotheek/${activityId}`,
    });
  }

  #school(asked: string | undefined): string {
    const own = [
      ...new Set(this.#principal.roles.flatMap(({ tenant, role }) => (tenant !== null && isStaff(role) ? [tenant] : []))),
    ].sort();
    const school = asked ?? own[0];
    if (school === undefined || !own.includes(school)) throw forbidden('Activities are tried for a school where you teach.');
    return school;
  }
}

const isStaff = (role: string): boolean => role === 'teacher' || role === 'ict-coordinator';

/** A resource link per school, since it belongs to one; the tool cannot tell which. */
const linkOf = (school: string, activityId: string): string =>
  `try-${createHash('sha256').update(`${school} ${activityId}`).digest('hex').slice(0, 32)}`;
