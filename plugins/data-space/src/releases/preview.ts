import { schoolYearOf } from '@ilearn/plugin-cube';
import type { Budget, Ledger } from '../budget/ledger.js';
import type { Answers } from '../research/answers.js';
import { expectedError, type Question } from '../research/question.js';
import type { Risk } from '../statistics/risk.js';
import type { OpenDefinition, ResearchDefinition } from './definition.js';
import type { OpenFigure, OpenFigures } from './open-figures.js';
import { riskOfFigures } from './open-risk.js';

export interface OpenPreview {
  tier: 'open';
  /** How many figures have each mark. */
  marks: Record<OpenFigure['mark'], number>;
  /** Of figures that count people, by the smallest number of people that each can be about. */
  risk: Risk;
}

export interface ResearchPreview {
  tier: 'research';
  questions: { asked: Question; paid: boolean; expectedError: number }[];
  /** Of the school years that are asked about, with what the release would cost. */
  budgets: (Budget & { cost: { epsilon: number; delta: number } })[];
}

interface Needs {
  answers: Answers;
  ledger: Ledger;
  openFigures: OpenFigures;
}

/** What suppression or noise does to a release, before it is published. Of noise it tells the size only: no value is drawn, nothing is paid. */
export class Previews {
  readonly #needs: Needs;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  async open(defined: OpenDefinition): Promise<OpenPreview> {
    const figures = await this.#needs.openFigures.of(defined);
    const marks = { shown: 0, small: 0, hidden: 0, withheld: 0 };
    for (const { mark } of figures) marks[mark]++;
    return { tier: 'open', marks, risk: riskOfFigures(figures) };
  }

  async research({ questions }: ResearchDefinition): Promise<ResearchPreview> {
    const { answers, ledger } = this.#needs;
    const costs = new Map<string, { epsilon: number; delta: number }>();
    const seen = [];
    for (const asked of questions) {
      const paid = await answers.isPaid(asked);
      seen.push({ asked, paid, expectedError: expectedError(asked) });
      const year = schoolYearOf(asked.startsOn);
      const { epsilon, delta } = costs.get(year) ?? { epsilon: 0, delta: 0 };
      costs.set(year, paid ? { epsilon, delta } : { epsilon: epsilon + asked.epsilon, delta: delta + asked.delta });
    }
    const budgets = [];
    for (const [year, cost] of costs) budgets.push({ ...(await ledger.of(year)), cost });
    return { tier: 'research', questions: seen, budgets };
  }
}
