import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { myway } from '../client.js';
import type { YearActivity } from './start-model.js';

/** Part of a principal’s start page: how many classes and pupils worked this week, without names. */
@customElement('myway-start-school')
export class StartSchool extends StartPart<{ since: string; years: YearActivity[] }> {
  static override ns = 'myway';

  protected override icon = 'chart-column';

  protected override load(signal: AbortSignal) {
    return myway.get('/start/school', { signal });
  }

  protected override heading(): string {
    return this.t('start.school.heading');
  }

  protected override content({ years }: { years: YearActivity[] }) {
    if (years.length === 0) return nothing;
    const sum = (key: 'classes' | 'activeClasses' | 'pupils' | 'activePupils') =>
      years.reduce((total, year) => total + year[key], 0);
    const fact = (active: number, total: number, name: string) =>
      html`<p class="fact"><span class="amount">${active}</span><span class="of">${this.t('start.school.ofAll', { total, name })}</span></p>`;
    return html`
      <div class="facts">
        ${fact(sum('activeClasses'), sum('classes'), this.t('start.school.ofClasses'))}
        ${fact(sum('activePupils'), sum('pupils'), this.t('start.school.ofPupils'))}
      </div>
      <table class="stacked">
        <thead>
          <tr>
            <th scope="col">${this.t('start.school.year')}</th>
            <th scope="col" class="number">${this.t('start.school.classes')}</th>
            <th scope="col" class="number">${this.t('start.school.pupils')}</th>
          </tr>
        </thead>
        <tbody>
          ${years.map(
            ({ year, classes, activeClasses, pupils, activePupils }) => html`
              <tr>
                <th scope="row">${year === null ? this.t('start.school.otherYear') : this.t('start.school.yearName', { year })}</th>
                <td class="number" data-label=${this.t('start.school.classes')}>${this.t('start.school.of', { count: activeClasses, total: classes })}</td>
                <td class="number" data-label=${this.t('start.school.pupils')}>${this.t('start.school.of', { count: activePupils, total: pupils })}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-start-school': StartSchool;
  }
}
