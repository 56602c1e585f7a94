import type { Cradle } from '../cradle.js';
import { type PathContent, type PathKey, readPath } from './read-paths.js';

/** A path to make: which one, for which school, owned by which teacher. */
export interface WantedPath {
  key: PathKey;
  school: string;
  ownerId: string;
}

/** A path that was made. */
export interface MadePath extends WantedPath {
  id: string;
  steps: MadeStep[];
}

export interface MadeStep {
  required: boolean;
  minutes: number;
  /** The maximum score that the practice tool sends; null: the pupil ticks the step off. */
  scoreMaximum: number | null;
}

/** Stores the texts and links of these paths in the library, and makes the paths. Leaves out practice if the portal lacks the tool. */
export async function makePaths({ library, myway, log }: Cradle, wanted: readonly WantedPath[]): Promise<MadePath[]> {
  const contents = await Promise.all(wanted.map(({ key, school }) => readPath(key, school)));
  const texts = new Map(
    contents.flatMap(({ steps }) =>
      steps.flatMap(({ activity }) =>
        typeof activity === 'string' ? [] : [[`${activity.school} ${activity.sourceId}`, activity] as const],
      ),
    ),
  );
  const { ids } = await library.activities.upsert([...texts.values()]);
  const textIds = new Map([...texts.keys()].map((key, index) => [key, ids[index] as string]));
  const practice = await practiceOf(library, contents);
  if (practice.size === 0) log.warn({}, 'the practice tool is not in this portal: the demonstration paths have no exercises');

  const made: MadePath[] = [];
  for (const [index, path] of wanted.entries()) {
    const { title, description, sequence, steps } = contents[index] as PathContent;
    const known = steps.flatMap(({ activity, ...step }): KnownStep[] => {
      if (typeof activity !== 'string') {
        const activityId = textIds.get(`${activity.school} ${activity.sourceId}`) as string;
        return [{ ...step, activityId, minutes: activity.minutes ?? 10, scoreMaximum: null }];
      }
      const exercise = practice.get(activity);
      return exercise === undefined ? [] : [{ ...step, ...exercise }];
    });
    if (known.length === 0) continue;
    const id = await myway.paths.create({
      school: path.school,
      ownerId: path.ownerId,
      title,
      description,
      sequence,
      activityIds: known.map(({ minutes: _, scoreMaximum: __, ...step }) => step),
    });
    made.push({ ...path, id, steps: known.map(({ required, minutes, scoreMaximum }) => ({ required, minutes, scoreMaximum })) });
  }
  return made;
}

/** A step whose activity is in the library. */
type KnownStep = MadeStep & { activityId: string; title: string | null; note: string };

interface Exercise {
  activityId: string;
  minutes: number;
  scoreMaximum: number;
}

async function practiceOf(library: Cradle['library'], contents: readonly PathContent[]): Promise<Map<string, Exercise>> {
  const keys = [
    ...new Set(
      contents.flatMap(({ steps }) => steps.flatMap(({ activity }) => (typeof activity === 'string' ? [activity] : []))),
    ),
  ];
  const ids = await library.activities.idsBySource('tool:practice', keys);
  const found = new Map<string, Exercise>();
  for (const [index, id] of ids.entries()) {
    const activity = id === null ? null : await library.activities.get(id);
    if (id === null || activity === null) continue;
    const content = await library.activities.contentOf(id);
    found.set(keys[index] as string, {
      activityId: id,
      minutes: activity.minutes ?? 10,
      scoreMaximum: content?.lti?.scoreMaximum ?? 10,
    });
  }
  return found;
}
