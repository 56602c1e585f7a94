import { readFile } from 'node:fs/promises';
import type { ActivityRecord } from '@ilearn/plugin-library';
import { z } from 'zod';

const folder = new URL('../../data/paths/', import.meta.url);

export const pathKeys = [
  'tafels',
  'opfrissen',
  'lezen',
  'gevoelens',
  'breuken',
  'brug',
  'online',
  'vergelijkingen',
  'weer',
] as const;
export type PathKey = (typeof pathKeys)[number];

const shared = { note: z.string().default(''), required: z.boolean().default(true) };
const described = { title: z.string(), about: z.string(), minutes: z.int() };

/** `path.json` of a folder in `data/paths`. */
const pathFile = z.strictObject({
  title: z.string(),
  description: z.string(),
  sequence: z.enum(['in-order', 'free']).default('in-order'),
  /** Ages of the pupils of its texts and links, from and to. */
  ages: z.tuple([z.int(), z.int()]),
  /** Concepts of its texts and links: `curr2/…` of the curriculum, or `year/5` for a year of primary school. */
  concepts: z.array(z.string()),
  keywords: z.array(z.string()),
  steps: z.array(
    z.union([
      /** A text: the name of a Markdown file beside `path.json`. `ofSchool`: the school's own, instead of for all schools. */
      z.strictObject({ text: z.string(), ofSchool: z.boolean().default(false), ...described, ...shared }),
      z.strictObject({ link: z.url(), ...described, ...shared }),
      /** An activity of the practice tool. */
      z.strictObject({ practice: z.string(), title: z.string().optional(), ...shared }),
    ]),
  ),
});

export interface PathContent extends Pick<z.output<typeof pathFile>, 'title' | 'description' | 'sequence'> {
  key: PathKey;
  steps: StepContent[];
}

export interface StepContent {
  /** An activity to store in the library, or the key of an activity of the practice tool. */
  activity: ActivityRecord | string;
  /** Shown instead of the title of a practice activity. */
  title: string | null;
  note: string;
  required: boolean;
}

export const licence = 'CC BY 4.0';
const licenceLine = `\n\n---\n\n*Tekst en tekeningen: i-Learn, [${licence}](https://creativecommons.org/licenses/by/4.0/deed.nl)*`;

/** Reads a path of the demonstration. `school` owns its texts that are marked as the school's own. */
export async function readPath(key: PathKey, school: string): Promise<PathContent> {
  const read = (name: string) => readFile(new URL(`${key}/${name}`, folder), 'utf8');
  const file = pathFile.parse(JSON.parse(await read('path.json')));
  const { title, description, sequence, steps } = file;
  return {
    key,
    title,
    description,
    sequence,
    steps: await Promise.all(
      steps.map(async (step): Promise<StepContent> => {
        const { note, required } = step;
        if ('practice' in step) return { activity: step.practice, title: step.title ?? null, note, required };
        const base = {
          source: 'demo',
          title: step.title,
          description: step.about,
          language: 'nl',
          minutes: step.minutes,
          ageFrom: file.ages[0],
          ageTo: file.ages[1],
          difficulty: null,
          teacherOnly: false,
          available: true,
          conceptUris: file.concepts.map(conceptUri),
          keywords: file.keywords,
        };
        if ('link' in step) {
          const { hostname } = new URL(step.link);
          const activity: ActivityRecord = {
            ...base,
            sourceId: `${key}/${hostname}`,
            school: null,
            provider: hostname.replace(/^www\./, ''),
            content: { kind: 'link', url: step.link },
          };
          return { activity, title: null, note, required };
        }
        const markdown = (await withPictures((await read(`${step.text}.md`)).trim(), key)) + licenceLine;
        const activity: ActivityRecord = {
          ...base,
          sourceId: `${key}/${step.text}`,
          school: step.ofSchool ? school : null,
          provider: `i-Learn, ${licence}`,
          content: { kind: 'text', markdown },
        };
        return { activity, title: null, note, required };
      }),
    ),
  };
}

/** Puts the pictures beside a text into it, since the library keeps a text and its pictures as one. */
async function withPictures(markdown: string, key: PathKey): Promise<string> {
  const names = [...markdown.matchAll(/\]\(([\w-]+\.webp)\)/g)].map(([, name]) => name as string);
  let whole = markdown;
  for (const name of new Set(names)) {
    const picture = await readFile(new URL(`${key}/${name}`, folder), 'base64');
    whole = whole.replaceAll(`](${name})`, `](data:image/webp;base64,${picture})`);
  }
  return whole;
}

const conceptUri = (concept: string): string =>
  concept.startsWith('year/')
    ? `https://w3id.org/onderwijs-vlaanderen/id/structuur/lager-${concept.slice(5)}e-leerjaar`
    : `http://ilearn.ilabt.imec.be/vocab/${concept}`;
