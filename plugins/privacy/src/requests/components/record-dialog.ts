import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../../client.js';
import { rectifiedFields } from '../rows.js';
import { requestKinds } from '../states.js';

const blank = {
  person: '',
  kind: 'access' as (typeof requestKinds)[number],
  askedBy: 'parent' as 'parent' | 'school',
  askerName: '',
  askerContact: '',
  language: 'nl' as 'nl' | 'en' | 'fr',
  details: '',
  field: null as (typeof rectifiedFields)[number] | null,
  wanted: '',
};

/** Records what somebody asked outside the portal. Fires `privacy-recorded` with the id, and `il-close`. */
@customElement('privacy-record-dialog')
export class RecordDialog extends PortalElement {
  static override ns = 'privacy';
  static override styles = [
    sharedStyles,
    css`
      .form {
        display: grid;
        gap: var(--il-space-4);
      }
    `,
  ];

  @state() private draft = { ...blank };
  @state() private busy = false;

  #set(change: Partial<typeof blank>): void {
    this.draft = { ...this.draft, ...change };
  }

  readonly #find = async (search: string, signal: AbortSignal) => {
    const { people } = await privacy.get('/people', { query: { search, page: 1 }, signal });
    return people.map(({ id, name, kind, schools }) => ({
      value: id,
      label: name,
      detail: [this.t(`people.kinds.${kind}`), ...schools].join(' · '),
    }));
  };

  #select<K extends 'kind' | 'askedBy' | 'language' | 'field'>(
    name: K,
    values: readonly string[],
    label: (value: string) => string,
  ) {
    return html`<wa-select
      label=${this.t(`record.${name}`)}
      .value=${this.draft[name] ?? ''}
      @change=${(event: Event) => this.#set({ [name]: (event.target as HTMLSelectElement).value } as Partial<typeof blank>)}
    >
      ${values.map((value) => html`<wa-option value=${value}>${label(value)}</wa-option>`)}
    </wa-select>`;
  }

  #input(name: 'askerName' | 'askerContact' | 'wanted', max: number) {
    return html`<wa-input
      label=${this.t(`record.${name}`)}
      maxlength=${max}
      autocomplete="off"
      .value=${this.draft[name]}
      @input=${(event: Event) => this.#set({ [name]: (event.target as HTMLInputElement).value })}
    ></wa-input>`;
  }

  override render() {
    const { kind, person, details } = this.draft;
    return html`<il-dialog heading=${this.t('record.title')} open @il-close=${() => this.emit('il-close')}>
      <div class="form">
        <p>${this.t('record.text')}</p>
        <il-combobox
          label=${this.t('record.person')}
          .options=${[]}
          .value=${person}
          .search=${this.#find}
          @il-change=${({ detail }: CustomEvent<{ value: string }>) => this.#set({ person: detail.value })}
        ></il-combobox>
        ${this.#select('kind', requestKinds, (value) => this.t(`requests.kinds.${value}`))}
        ${
          kind === 'rectification'
            ? html`${this.#select('field', rectifiedFields, (value) => this.t(`requests.fields.${value}`))} ${this.#input('wanted', 300)}`
            : nothing
        }
        ${this.#select('askedBy', ['parent', 'school'], (value) => this.t(`requests.askedBy.${value}`))}
        ${this.#input('askerName', 200)} ${this.#input('askerContact', 300)}
        ${this.#select('language', ['nl', 'fr', 'en'], (value) => this.t(`record.languages.${value}`))}
        <wa-textarea
          label=${this.t('record.details')}
          hint=${this.t('record.detailsHint')}
          rows="3"
          maxlength="2000"
          .value=${details}
          @input=${(event: Event) => this.#set({ details: (event.target as HTMLTextAreaElement).value })}
        ></wa-textarea>
      </div>
      <wa-button slot="footer" variant="brand" ?disabled=${person === ''} ?loading=${this.busy} @click=${this.#save}>
        ${this.t('record.save')}
      </wa-button>
    </il-dialog>`;
  }

  async #save(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      const { id } = await privacy.post('/requests', { body: this.draft });
      this.emit('privacy-recorded', { id });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-record-dialog': RecordDialog;
  }
}
