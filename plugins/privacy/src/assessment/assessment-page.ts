import type { Answer } from '@ilearn/core';
import { formatDate, locale, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Question } from './questions.js';
import type { assessmentRoutes } from './routes.js';

type Language = 'nl' | 'en' | 'fr';
type Assessment = Answer<typeof assessmentRoutes, 'GET', '/assessment'>;
type Asked = Assessment['questions'][number];

/** Lines of the portal's answer that are shown at once. */
const shownLines = 6;

/** `/beheer/privacy/effectbeoordeling`: the impact assessment of a school or of the operator, to write, store and print. */
@customElement('privacy-assessment-page')
export class AssessmentPage extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-6);
      }
      .question {
        display: grid;
        gap: var(--il-space-3);
      }
      .portal {
        padding-inline-start: var(--il-space-4);
        border-inline-start: 4px solid var(--il-rule);
        overflow-wrap: anywhere;
      }
      .portal ul {
        margin: 0;
        padding-inline-start: 1.25em;
      }
      summary {
        min-height: var(--il-target);
        padding-block: var(--il-space-2);
        cursor: pointer;
      }
      wa-select {
        max-width: 24rem;
      }
    `,
  ];

  /** Id of a school, `operator`, or nothing for the first that may be read. */
  @state() private party = '';
  @state() private busy = false;
  /** What was typed and is not stored, by question. */
  #typed: Partial<Record<Question, string>> = {};

  readonly #parties = new Task(this, {
    task: (_, { signal }) => privacy.get('/processing/parties', { signal }),
    args: () => [] as const,
  });

  readonly #assessment = new Task(this, {
    task: async ([party], { signal }) => (party === '' ? null : privacy.get('/assessment', { query: queryOf(party), signal })),
    args: () => [this.#chosen()] as const,
  });

  #chosen(): string {
    const parties = this.#parties.value;
    if (this.party !== '' || parties === undefined) return this.party;
    return parties.operator ? 'operator' : (parties.schools[0]?.id ?? '');
  }

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('assessment.title')} .back=${{ href: '/beheer/privacy', text: this.t('people.title') }}>
        <p>${this.t('assessment.intro')}</p>
      </il-page-head>
      ${this.#choice()}
      ${this.#assessment.render({
        pending: () =>
          this.#assessment.value ? this.#complete(this.#assessment.value) : html`<il-skeleton lines="10"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#assessment.run()}></il-problem>`,
        complete: (assessment) => (assessment === null ? nothing : this.#complete(assessment)),
      })}
    </div>`;
  }

  #choice() {
    const { operator = false, schools = [] } = this.#parties.value ?? {};
    if (schools.length + (operator ? 1 : 0) < 2) return nothing;
    return html`<wa-select label=${this.t('processing.of')} .value=${this.#chosen()} @change=${this.#choose}>
      ${operator ? html`<wa-option value="operator">${this.t('processing.operator')}</wa-option>` : nothing}
      ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
    </wa-select>`;
  }

  readonly #choose = (event: Event): void => {
    this.#typed = {};
    this.party = String((event.target as HTMLElement & { value: string }).value);
  };

  #complete({ version, changed, questions, versions }: Assessment) {
    return html`
      ${changed ? html`<p class="strong">${this.t('assessment.changed', { version })}</p>` : nothing}
      <p><a href=${this.#sheet()} target="_blank">${this.t('assessment.flowsSheet')}</a></p>
      <form @submit=${(event: SubmitEvent) => this.#store(event, version, questions)}>
        ${questions.map((each) => this.#question(each))}
        <div class="actions">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('assessment.store', { version: version + 1 })}</wa-button>
        </div>
      </form>
      ${
        versions.length === 0
          ? nothing
          : html`<section class="stack" aria-labelledby="versions">
              <h2 id="versions">${this.t('statement.versionsTitle')}</h2>
              <ul class="list">
                ${versions.map(
                  (each) => html`<li class="row">
                    <a class="grow" href=${this.#sheet(each.version)} target="_blank">
                      ${this.t('assessment.version', { version: each.version })}
                    </a>
                    <span class="small muted">
                      ${[each.by, formatDate(each.at.toString(), 'time')].filter((part) => part !== null).join(' · ')}
                    </span>
                  </li>`,
                )}
              </ul>
            </section>`
      }
    `;
  }

  #question({ id, prefilled, answer }: Asked) {
    const lines = (from: readonly string[]) => html`<ul>${from.map((line) => html`<li>${line}</li>`)}</ul>`;
    return html`<section class="question" aria-labelledby=${id}>
      <h2 id=${id}>${this.t(`assessment.ask.${id}`)}</h2>
      ${
        prefilled.length === 0
          ? nothing
          : html`<div class="portal">
              <p class="small muted">${this.t('assessment.byPortal')}</p>
              ${lines(prefilled.slice(0, shownLines))}
              ${
                prefilled.length > shownLines
                  ? html`<details>
                      <summary>${this.t('assessment.moreLines', { count: prefilled.length - shownLines })}</summary>
                      ${lines(prefilled.slice(shownLines))}
                    </details>`
                  : nothing
              }
            </div>`
      }
      <wa-textarea
        label=${this.t('assessment.byPeople')}
        rows="3"
        maxlength="10000"
        .value=${this.#typed[id] ?? answer}
        @input=${(event: Event) => {
          this.#typed = { ...this.#typed, [id]: (event.target as HTMLTextAreaElement).value };
        }}
      ></wa-textarea>
    </section>`;
  }

  #sheet(version?: number): string {
    const query = { ...queryOf(this.#chosen()), ...(version === undefined ? {} : { version: String(version) }) };
    return `/api/privacy/assessment/sheet?${new URLSearchParams(query)}`;
  }

  async #store(event: SubmitEvent, after: number, asked: readonly Asked[]): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      const answers = Object.fromEntries(asked.map(({ id, answer }) => [id, this.#typed[id] ?? answer]));
      await privacy.post('/assessment', { query: queryOf(this.#chosen()), body: { after, answers } });
      this.#typed = {};
      notify({ kind: 'success', text: this.t('assessment.stored') });
      await this.#assessment.run();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }
}

const queryOf = (party: string): { language: Language; school?: string } => ({
  language: locale().slice(0, 2) as Language,
  ...(party === 'operator' ? {} : { school: party }),
});

declare global {
  interface HTMLElementTagNameMap {
    'privacy-assessment-page': AssessmentPage;
  }
}
