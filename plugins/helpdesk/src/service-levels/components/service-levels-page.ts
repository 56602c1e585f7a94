import type { Answer } from '@ilearn/core';
import { type ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { openingsIn, timeOf } from '../openings.js';
import type { serviceLevelsRoutes } from '../routes.js';

type Level = Answer<typeof serviceLevelsRoutes, 'GET', '/service-levels'>['levels'][number];

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** `/helpdesk/afspraken`: opening hours of each line, and how fast it answers. */
@customElement('helpdesk-service-levels-page')
export class ServiceLevelsPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 44rem;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
        gap: var(--il-space-4);
      }
    `,
  ];

  @state() private faults: Record<string, string> = {};

  readonly #loaded = new Task(this, {
    task: async (_, { signal }) => (await helpdesk.get('/service-levels', { signal })).levels,
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('serviceLevels.title')}><p>${this.t('serviceLevels.lead')}</p></il-page-head>
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        complete: (levels) => levels.map((level) => this.#form(level)),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #form(level: Level) {
    const title = this.t(`tickets.lines.${level.line}`);
    return html`<form @submit=${(event: SubmitEvent) => this.#save(event, level)} aria-labelledby=${level.line}>
      <h2 id=${level.line}>${title}</h2>
      <p class="small muted">${this.t('serviceLevels.hoursHint')}</p>
      <div class="grid">
        ${days.map(
          (day, at) =>
            html`<wa-input name=${day} label=${this.t(`serviceLevels.days.${day}`)} .value=${(level.hours[at] ?? []).map(([from, to]) => `${timeOf(from)}-${timeOf(to)}`).join(', ')}></wa-input>`,
        )}
      </div>
      <wa-checkbox name="legal" ?checked=${level.legalHolidays}>${this.t('serviceLevels.legal')}</wa-checkbox>
      <wa-checkbox name="school" ?checked=${level.schoolHolidays}>${this.t('serviceLevels.school')}</wa-checkbox>
      <div class="grid">
        ${[1, 2, 3, 4].map((priority) => {
          const name = this.t(`tickets.priorities.${priority}`);
          return html`<wa-input name="first${priority}" type="number" min="1" label=${this.t('serviceLevels.first', { name })} .value=${String(level.firstMinutes[priority - 1])}></wa-input>
            <wa-input name="solve${priority}" type="number" min="1" label=${this.t('serviceLevels.solve', { name })} .value=${String(level.solveMinutes[priority - 1])}></wa-input>`;
        })}
      </div>
      ${this.faults[level.line] === undefined ? nothing : html`<p role="alert">${this.faults[level.line]}</p>`}
      <div class="actions"><wa-button type="submit" appearance="outlined">${this.t('serviceLevels.save')}</wa-button></div>
    </form>`;
  }

  async #save(event: SubmitEvent, level: Level): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const hours = days.map((day) => openingsIn(String(data.get(day) ?? '')));
    const wrong = days.find((_, at) => hours[at] === undefined);
    if (wrong !== undefined) {
      this.#report(level, this.t('serviceLevels.wrongHours', { day: this.t(`serviceLevels.days.${wrong}`) }));
      return;
    }
    const minutes = (what: string) => [1, 2, 3, 4].map((priority) => Number(data.get(`${what}${priority}`)));
    try {
      await helpdesk.put('/service-levels/:line', {
        params: { line: level.line },
        body: {
          ...{ zone: level.zone, hours: hours as [number, number][][] },
          ...{ legalHolidays: data.has('legal'), schoolHolidays: data.has('school') },
          ...{ firstMinutes: minutes('first'), solveMinutes: minutes('solve') },
        },
      });
      this.#report(level, undefined);
      notify({ kind: 'success', text: this.t('serviceLevels.saved') });
    } catch (problem) {
      this.#report(level, (problem as ApiProblem).message);
    }
  }

  #report({ line }: Level, fault: string | undefined): void {
    const { [line]: _, ...rest } = this.faults;
    this.faults = fault === undefined ? rest : { ...rest, [line]: fault };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-service-levels-page': ServiceLevelsPage;
  }
}
