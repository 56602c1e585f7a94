import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { ProcessingText } from './routes.js';

type Language = 'nl' | 'en' | 'fr';
type ActivityText = ProcessingText['asController'][number];
type Parties = { operator: boolean; schools: { id: string; name: string }[] };

const COLUMNS = ['why', 'controller', 'basis', 'special', 'people', 'data', 'recipients', 'transfers', 'retention'] as const;

/** The register of one school or of the operator, by purpose, with its table and its sheet for paper. */
@customElement('privacy-processing-section')
export class ProcessingSection extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      .activity {
        display: grid;
        gap: var(--il-space-2);
        padding-block: var(--il-space-4);
        border-top: 1px solid var(--il-rule);
      }
      h4 {
        margin: 0;
      }
      dl {
        display: grid;
        grid-template-columns: 14rem minmax(0, 1fr);
        gap: var(--il-space-1) var(--il-space-4);
        margin: 0;
      }
      dt {
        color: var(--il-ink-soft);
      }
      dd {
        grid-column: 2;
        margin: 0;
        overflow-wrap: anywhere;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        align-items: end;
      }
      wa-select {
        min-width: min(20rem, 100%);
      }
      @media print {
        .activity {
          break-inside: avoid;
        }
        .tools {
          display: none;
        }
      }
      @media (max-width: 40rem) {
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          grid-column: 1;
        }
        dt:not(:first-child) {
          margin-block-start: var(--il-space-3);
        }
      }
    `,
  ];

  /** Id of a school, `operator`, or nothing for the first that may be read. */
  @state() private party = '';

  readonly #parties = new Task(this, {
    task: (_, { signal }) => privacy.get('/processing/parties', { signal }),
    args: () => [],
  });

  readonly #processing = new Task(this, {
    task: async ([party, language], { signal }) =>
      party === '' ? null : privacy.get('/processing', { query: { ...queryOf(party), language }, signal }),
    args: () => [this.#chosen(), locale().slice(0, 2) as Language] as const,
  });

  #chosen(): string {
    const parties = this.#parties.value;
    if (this.party !== '' || parties === undefined) return this.party;
    return parties.operator ? 'operator' : (parties.schools[0]?.id ?? '');
  }

  override render() {
    return html`<section class="stack">
      <h2>${this.t('processing.heading')}</h2>
      ${this.#parties.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#parties.run()}></il-problem>`,
        complete: (parties) => this.#tools(parties),
      })}
      ${this.#processing.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#processing.run()}></il-problem>`,
        complete: (processing) => (processing === null ? nothing : this.#complete(processing)),
      })}
    </section>`;
  }

  #tools({ operator, schools }: Parties) {
    const chosen = this.#chosen();
    if (chosen === '') return nothing;
    const query = new URLSearchParams({ ...queryOf(chosen), language: locale().slice(0, 2) });
    return html`<div class="tools">
      <wa-select label=${this.t('processing.of')} .value=${chosen} @change=${this.#choose}>
        ${operator ? html`<wa-option value="operator">${this.t('processing.operator')}</wa-option>` : nothing}
        ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
      </wa-select>
      <wa-button appearance="outlined" href="/api/privacy/processing/table?${query}" download="register.csv">
        <il-icon slot="start" name="download"></il-icon>${this.t('processing.table')}
      </wa-button>
      <wa-button appearance="outlined" href="/api/privacy/processing/sheet?${query}" target="_blank">
        <il-icon slot="start" name="file-text"></il-icon>${this.t('processing.sheet')}
      </wa-button>
    </div>`;
  }

  readonly #choose = (event: Event): void => {
    this.party = String((event.target as HTMLElement & { value: string }).value);
  };

  #complete({ asController, asProcessor }: ProcessingText) {
    return html`${this.#part('asController', asController)}${this.#part('asProcessor', asProcessor)}`;
  }

  #part(heading: 'asController' | 'asProcessor', activities: readonly ActivityText[]) {
    if (activities.length === 0) return nothing;
    return html`<h3>${this.t(`processing.${heading}`)}</h3>
      ${activities.map(
        (activity) => html`<div class="activity">
          <h4>${activity.name}</h4>
          <dl>
            ${COLUMNS.map((column) => {
              const lines = [activity[column]].flat().filter((line) => line !== '');
              return lines.length === 0
                ? nothing
                : html`<dt>${this.t(`processing.columns.${column}`)}</dt>${lines.map((line) => html`<dd>${line}</dd>`)}`;
            })}
          </dl>
        </div>`,
      )}`;
  }
}

const queryOf = (party: string): { school?: string } => (party === 'operator' ? {} : { school: party });

declare global {
  interface HTMLElementTagNameMap {
    'privacy-processing-section': ProcessingSection;
  }
}
