import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { dataSpace } from '../client.js';
import { releaseStyles } from './release-styles.js';

const measures = ['launches', 'steps-done'] as const;
type Measure = (typeof measures)[number];
type Texts = 'title' | 'why' | 'researcher' | 'contact' | 'ethics' | 'startsOn' | 'endsOn';

/**
 * Dialog to describe a study, as a draft.
 * @fires data-space-saved
 */
@customElement('data-space-study-dialog')
export class StudyDialog extends PortalElement {
  static override ns = 'data-space';
  static override styles = [sharedStyles, releaseStyles];

  @state() private texts: Record<Texts, string> = {
    ...{ title: '', why: '', researcher: '', contact: '', ethics: '' },
    ...{ startsOn: '', endsOn: '' },
  };
  @state() private partner = '';
  @state() private measures: readonly Measure[] = [];
  @state() private names = false;
  @state() private problem: unknown;
  @state() private busy = false;

  readonly #partners = new Task(this, {
    task: async (_, { signal }) => (await dataSpace.get('/partners', { signal })).filter(({ active }) => active),
    args: () => [],
  });

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const partner = this.partner === '' ? (this.#partners.value?.[0]?.id ?? '') : this.partner;
      await dataSpace.post('/studies', { body: { ...this.texts, partner, measures: [...this.measures], names: this.names } });
      this.emit('data-space-saved');
    } catch (problem) {
      this.problem = problem;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[role=alert], il-problem')?.focus();
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`<il-dialog heading=${this.t('studies.add')} .open=${true}>
      <form novalidate @submit=${this.#save}>
        ${this.#fault()}
        <label class="choice"
          >${this.t('studies.form.partner')}
          <select @change=${(event: Event) => (this.partner = (event.target as HTMLSelectElement).value)}>
            ${(this.#partners.value ?? []).map(({ id, organisation }) => html`<option value=${id}>${organisation}</option>`)}
          </select>
        </label>
        ${this.#text('title', 120)} ${this.#area('why', 2_000)} ${this.#text('researcher', 200)} ${this.#text('contact', 200)}
        ${this.#text('ethics', 300)}
        <fieldset>
          <legend class="strong">${this.t('studies.form.measures')}</legend>
          ${measures.map(
            (each) => html`<wa-checkbox
              .checked=${this.measures.includes(each)}
              @change=${(event: Event) => {
                const others = this.measures.filter((other) => other !== each);
                this.measures = (event.target as HTMLInputElement).checked ? [...others, each] : others;
              }}
              >${this.t(`measures.${each}`)}</wa-checkbox
            >`,
          )}
        </fieldset>
        <wa-checkbox
          .checked=${this.names}
          @change=${(event: Event) => {
            this.names = (event.target as HTMLInputElement).checked;
          }}
          >${this.t('studies.form.names')}</wa-checkbox
        >
        ${this.#text('startsOn', 10, 'date')} ${this.#text('endsOn', 10, 'date')}
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('actions.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#save}>${this.t('form.save')}</wa-button>
    </il-dialog>`;
  }

  #text(field: Texts, most: number, type = 'text') {
    return html`<wa-input
      type=${type}
      maxlength=${most}
      .label=${this.t(`studies.form.${field}`)}
      .value=${this.texts[field]}
      @input=${(event: Event) => this.#set(field, event)}
    ></wa-input>`;
  }

  #area(field: Texts, most: number) {
    return html`<wa-textarea
      maxlength=${most}
      .label=${this.t(`studies.form.${field}`)}
      .value=${this.texts[field]}
      @input=${(event: Event) => this.#set(field, event)}
    ></wa-textarea>`;
  }

  #set(field: Texts, event: Event): void {
    this.texts = { ...this.texts, [field]: (event.target as HTMLInputElement).value };
  }

  #fault() {
    if (this.problem === undefined) return nothing;
    const errors = this.problem instanceof ApiProblem ? this.problem.errors : [];
    if (errors.length === 0) return html`<il-problem .problem=${this.problem}></il-problem>`;
    const messages = [...new Set(errors.map(({ message }) => message))].join(' ');
    return html`<p class="error" role="alert" tabindex="-1">${this.t('form.wrong', { messages })}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'data-space-study-dialog': StudyDialog;
  }
}
