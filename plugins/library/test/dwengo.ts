import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActivityRecord } from '@ilearn/plugin-library';
import { parse } from 'yaml';
import { record } from './platform.js';

interface FrontMatter {
  hruid: string;
  title: string;
  description: string;
  keywords?: string[];
  target_ages?: number[];
  difficulty: number;
  estimated_time: number;
  skos_concepts?: string[];
  teacher_exclusive?: boolean;
}

/** The learning objects of Dwengo as library activities, enough of them for a search. */
export function dwengoRecords(folder: string): ActivityRecord[] {
  return readdirSync(folder).map((name) => {
    const [, head = '', ...text] = readFileSync(join(folder, name), 'utf8').split(/^---\s*$/m);
    const meta = parse(head) as FrontMatter;
    return record({
      source: 'dwengo',
      sourceId: `${meta.hruid}.nl`,
      title: meta.title,
      description: meta.description,
      provider: 'Dwengo',
      minutes: meta.estimated_time,
      ageFrom: meta.target_ages === undefined ? null : Math.min(...meta.target_ages),
      ageTo: meta.target_ages === undefined ? null : Math.max(...meta.target_ages),
      difficulty: meta.difficulty <= 5 ? meta.difficulty : null,
      teacherOnly: meta.teacher_exclusive ?? false,
      conceptUris: meta.skos_concepts ?? [],
      keywords: (meta.keywords ?? []).filter((keyword) => keyword !== ''),
      content: { kind: 'text', markdown: text.join('---') },
    });
  });
}
