import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { ClassSummary, PersonSummary, SchoolSummary } from '../exports.js';

interface Candidates {
  class: ClassSummary;
  pupils: PersonSummary[];
}

export interface GroupDraft {
  id: string;
  school: string;
  name: string;
  pupils: PersonSummary[];
}

/**
 * Creates or changes a group of pupils whom the teacher teaches.
 * @fires il-close - closed without saving
 * @fires directory-group-saved - `{ id }`
 */
@customElement('directory-group-dialog')
export class GroupDialog extends PortalElement {
  static override ns = 'directory';

  static override styles = [
    sharedStyles,
    css`
      .names {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr));
        gap: 0 var(--il-space-4);
      }
      wa-checkbox {
        padding-block: var(--il-space-2);
      }
      .wrong {
        color: var(--il-bad);
      }
    `,
  ];

  @property({ type: Boolean }) open = false;

  /** Schools to choose from, for a new group. */
  @property({ attribute: false }) schools: readonly SchoolSummary[] = [];

  /** The group to change; undefined to create one. */
  @property({ attribute: false }) group: GroupDraft | undefined;

  @state() private school = '';
  @state() private name = '';
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private wrong: 'name' | 'pupils' | undefined;
  @state() private problem: unknown;
  @state() private saving = false;

  #candidates = new Task(this, {
    task: ([open, school], { signal }) =>
      open && school ? directory.get('/candidates', { query: { school }, signal }) : Promise.resolve([]),
    args: () => [this.open, this.school] as const,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('open') || !this.open) return;
    this.school = this.group?.school ?? this.schools[0]?.id ?? '';
    this.name = this.group?.name ?? '';
    this.chosen = new Set(this.group?.pupils.map(({ id }) => id));
    this.wrong = undefined;
    this.problem = undefined;
  }

  override render() {
    return html`
      <il-dialog .heading=${this.t(this.group ? 'group.change' : 'group.make')} ?open=${this.open} @il-close=${this.#close}>
        <form class="stack" id="form" @submit=${this.#save}>
          ${this.#schoolField()}
          <wa-input
            .label=${this.t('group.name')}
            .hint=${this.t('group.nameHint')}
            .value=${this.name}
            maxlength="80"
            required
            autofocus
            @input=${(event: Event) => {
              this.name = (event.target as HTMLInputElement).value;
            }}
          ></wa-input>
          ${this.wrong === 'name' ? html`<p class="wrong" role="alert">${this.t('group.nameMissing')}</p>` : ''}
          ${this.#candidates.render({
            pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#candidates.run()}></il-problem>`,
            complete: (lists) => this.#lists(lists),
          })}
          <p class="muted" aria-live="polite">${this.t('group.chosen', { count: this.chosen.size })}</p>
          ${this.wrong === 'pupils' ? html`<p class="wrong" role="alert">${this.t('group.pupilsMissing')}</p>` : ''}
          ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
        </form>
        <wa-button slot="footer" appearance="outlined" @click=${this.#close}>${this.t('cancel')}</wa-button>
        <wa-button slot="footer" variant="brand" ?loading=${this.saving} @click=${this.#save}>${this.t('group.save')}</wa-button>
      </il-dialog>
    `;
  }

  #schoolField() {
    if (this.group || this.schools.length < 2) return '';
    return html`<wa-select
      .label=${this.t('group.school')}
      .value=${this.school}
      @change=${(event: Event) => {
        this.school = (event.target as HTMLSelectElement).value;
        this.chosen = new Set();
      }}
    >
      ${this.schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
    </wa-select>`;
  }

  #lists(lists: readonly Candidates[]) {
    const listed = new Set(lists.flatMap(({ pupils }) => pupils.map(({ id }) => id)));
    const elsewhere = (this.group?.pupils ?? []).filter(({ id }) => !listed.has(id));
    return html`
      ${lists.map(({ class: one, pupils }) => this.#names(one.name, pupils))}
      ${elsewhere.length > 0 ? this.#names(this.t('group.elsewhere'), elsewhere) : ''}
    `;
  }

  #names(legend: string, pupils: readonly PersonSummary[]) {
    return html`<fieldset>
      <legend>${legend}</legend>
      <div class="names">
        ${pupils.map(
          ({ id, givenName, familyName }) => html`<wa-checkbox
            .checked=${this.chosen.has(id)}
            @change=${(event: Event) => this.#choose(id, (event.target as HTMLInputElement).checked)}
          >${givenName} ${familyName}</wa-checkbox>`,
        )}
      </div>
    </fieldset>`;
  }

  #choose(id: string, on: boolean): void {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
    if (chosen.size > 0 && this.wrong === 'pupils') this.wrong = undefined;
  }

  #close(): void {
    this.emit('il-close');
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.name.trim();
    this.wrong = name === '' ? 'name' : this.chosen.size === 0 ? 'pupils' : undefined;
    if (this.wrong !== undefined || this.saving) return;
    this.saving = true;
    this.problem = undefined;
    const body = { name, pupils: [...this.chosen] };
    try {
      const saved = this.group
        ? await directory.put('/groups/:id', { params: { id: this.group.id }, body })
        : await directory.post('/groups', { body: { ...body, school: this.school } });
      notify({ kind: 'success', text: this.t('group.saved', { name }) });
      this.#close();
      this.emit('directory-group-saved', { id: saved.class.id });
    } catch (problem) {
      this.problem = problem;
    } finally {
      this.saving = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-group-dialog': GroupDialog;
  }
}
