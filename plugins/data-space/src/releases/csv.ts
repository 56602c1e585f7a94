import { CSV_START, csvLine } from '@ilearn/core/csv';
import type { MicrodataDefinition } from '../microdata/definition.js';
import { type GroupValue, type Question, scaleOf, unit } from '../research/question.js';
import type { Row } from '../statistics/microdata.js';
import type { OpenDefinition } from './definition.js';
import type { OpenFigure } from './open-figures.js';

export const openHead = ['measure', 'period', 'starts_on', 'place', 'item', 'item_name', 'mark', 'value'];
export const researchHead = ['measure', 'period', 'starts_on', 'by', 'group', 'value', 'noise_scale', 'epsilon', 'delta'];

export const microdataHead = ['tool', 'period', 'starts_on', 'by', 'group', 'times_opened'];

const table = (head: string[], rows: (string | number)[][]): string => CSV_START + [head, ...rows].map(csvLine).join('');

/** A number that is not shown has an empty value and says why under `mark`. */
export const openCsv = ({ grain }: Pick<OpenDefinition, 'grain'>, figures: readonly OpenFigure[]): string =>
  table(
    openHead,
    figures.map(({ measure, startsOn, place, item, itemName, mark, value }) => [
      ...[measure, grain, startsOn, place, item, itemName],
      ...[mark, value ?? ''],
    ]),
  );

/** Values with noise, and how much noise: who computes with them needs it. */
export const researchCsv = (answers: readonly { asked: Question; groups: readonly GroupValue[] }[]): string =>
  table(
    researchHead,
    answers.flatMap(({ asked, groups }) => {
      const { num, den } = scaleOf(asked);
      const scale = Number(num) / Number(den);
      return groups.map(({ group, value }) => [
        ...[asked.measure, asked.grain, asked.startsOn, asked.by, group],
        ...[value, scale, asked.epsilon / unit, asked.delta / unit],
      ]);
    }),
  );

/** A row for each pupil, sorted by content: nothing in it joins two rows. */
export const microdataCsv = ({ tool, grain, startsOn, by }: MicrodataDefinition, rows: readonly Row[]): string =>
  table(
    microdataHead,
    rows.map(({ known: [group = ''], sensitive }) => [tool, grain, startsOn, by, group, sensitive]),
  );
