import { conflict } from '@ilearn/core';
import type { Activity, OnePupil } from '../activity/activity.js';
import type { Dependencies } from '../dependencies.js';
import { classesOf, type Row, safeRows } from '../statistics/microdata.js';
import { sample } from '../statistics/random.js';
import { type Risk, riskOf } from '../statistics/risk.js';
import { bandOf, type MicrodataDefinition, monthsOf, periodOfMicrodata } from './definition.js';

interface Needs extends Dependencies {
  activity: Activity;
}

export interface MicrodataPreview {
  tier: 'microdata';
  /** Number of rows, rounded down: two looks do not tell of one pupil. */
  kept: number;
  dropped: number;
  risk: Risk;
}

/** Longer tables have so many pupils, drawn at random. */
const mostRows = 50_000;

/**
 * Rows about single pupils. A row has a place and a band, and nothing that joins it with another: no id, no second tool, no day. A tool and a
 * month are released once, at one level: two tables of the same pupils, divided in two ways, would tell more than each.
 */
export class Microdata {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Whether the period is over, in the published reports, and not too long ago. Until then the cube may not know where the schools are. */
  async isReady(defined: MicrodataDefinition): Promise<boolean> {
    const { knex, activity } = this.#needs;
    const { grain, startsOn: starts_on } = defined;
    const published = await knex('cube.published_periods').where({ grain, starts_on }).first('starts_on');
    return published !== undefined && (await activity.isReady(periodOfMicrodata(defined)));
  }

  /**
   * The rows that may be released. Of each class a multiple of 5 is drawn at random: exact sizes beside public totals would tell how many pupils a class has
   * that is left out. A place whose number of pupils the reports hide has no rows: it may be hidden there to protect another.
   */
  async rows(defined: MicrodataDefinition): Promise<Row[]> {
    const safe = safeRows(sample(await this.#shown(await this.#all(defined), defined), mostRows), defined);
    return safeRows(
      classesOf(safe).flatMap((each) => sample(each, rounded(each.length))),
      defined,
    );
  }

  async preview(defined: MicrodataDefinition): Promise<MicrodataPreview> {
    const all = await this.#all(defined);
    const kept = safeRows(sample(await this.#shown(all, defined), mostRows), defined);
    const sizes = classesOf(kept)
      .map(({ length }) => rounded(length))
      .filter((size) => size >= defined.k);
    const risk = riskOf(sizes.map((size) => ({ sample: size, population: size })));
    return {
      tier: 'microdata',
      kept: sizes.reduce((sum, size) => sum + size, 0),
      dropped: rounded(all.length - kept.length),
      risk,
    };
  }

  /** Reserves the tool and the months for a release, for good. @throws Problem 409 if one of them was released before */
  async reserve(release: string, defined: MicrodataDefinition): Promise<void> {
    const months = monthsOf(defined);
    const reserved = await this.#needs
      .knex('microdata_months')
      .insert(months.map((month) => ({ tool: defined.tool, month, release_id: release })))
      .onConflict(['tool', 'month'])
      .ignore()
      .returning('month');
    if (reserved.length === months.length) return;
    throw conflict('data-space/released-before', 'Rows about pupils who used this tool in this period were released before.');
  }

  /**
   * The rows that tell nothing which the reports hide: none if they do not show how many pupils used the tool in the period, and, where they tell it by
   * place, none of a place for which they do not show it.
   */
  async #shown(rows: readonly Row[], { tool, by, grain, startsOn }: MicrodataDefinition): Promise<readonly Row[]> {
    const figures: { place_kind: string; place: string; mark: string }[] = await this.#needs
      .knex('cube.published_figures')
      .where({ grain, starts_on: startsOn, measure: 'pupils', item: tool })
      .whereIn('place_kind', ['all', by])
      .select('place_kind', 'place', 'mark');
    const shown = (kind: string) => figures.filter(({ place_kind, mark }) => place_kind === kind && mark === 'shown');
    if (shown('all').length === 0) return [];
    if (!figures.some(({ place_kind }) => place_kind === by)) return rows;
    const places = new Set(shown(by).map(({ place }) => place));
    return rows.filter(({ known: [place = ''] }) => places.has(place));
  }

  async #all(defined: MicrodataDefinition): Promise<Row[]> {
    const { tool, by } = defined;
    const rows: Row[] = [];
    for await (const amounts of this.#needs.activity.pupils(periodOfMicrodata(defined), 'launches', by, tool)) {
      const row = rowOf(amounts);
      if (row !== null) rows.push(row);
    }
    return rows;
  }
}

/** The row of one pupil and one tool: a pupil of two places has one, where they did most. Null for a pupil who did nothing. */
export function rowOf(amounts: OnePupil): Row | null {
  const [place] = [...amounts].sort(mostFirst);
  return place === undefined ? null : { known: [place[0]], sensitive: bandOf(total(amounts)) };
}

/** Down to a multiple of 5. */
const rounded = (count: number): number => count - (count % 5);

const mostFirst = (one: OnePupil[number], other: OnePupil[number]): number => other[1] - one[1] || (one[0] < other[0] ? -1 : 1);
const total = (amounts: OnePupil): number => amounts.reduce((sum, [, amount]) => sum + amount, 0);
