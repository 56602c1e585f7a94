import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { directory } from '../client.js';
import type { Outcome } from './plan.js';

/**
 * Asks which pupils of a class do not go where their class goes.
 * @fires il-close - cancelled
 * @fires directory-chosen - `{ pupils }`: what was changed
 */
@customElement('directory-rollover-pupils')
export class RolloverPupils extends PortalElement {
  static override ns = 'directory';
  static override styles = [
    sharedStyles,
    css`
      .pupils {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr));
        gap: var(--il-space-3);
      }
    `,
  ];

  @property() school = '';
  @property({ attribute: false }) klas: { id: string; name: string } | null = null;
  /** Names of classes of next year. */
  @property({ attribute: false }) names: readonly string[] = [];
  @property({ type: Boolean }) open = false;

  @state() private chosen = new Map<string, Outcome | null>();

  readonly #pupils = new Task(this, {
    task: async ([open, school, id], { signal }) =>
      open && id !== undefined
        ? (await directory.get('/schools/:school/rollover/classes/:id/pupils', { params: { school, id }, signal })).pupils
        : [],
    args: () => [this.open, this.school, this.klas?.id] as const,
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('open') && this.open) this.chosen = new Map();
  }

  override render() {
    return html`<il-dialog heading=${this.t('rollover.pupilsOf', { name: this.klas?.name ?? '' })} ?open=${this.open} @il-close=${() => this.emit('il-close')}>
      <div class="stack">
        <p>${this.t('rollover.pupilsText')}</p>
        ${this.#pupils.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#pupils.run()}></il-problem>`,
          complete: (pupils) => html`<div class="pupils">
            ${pupils.map(({ person, goes }) => this.#pupil(person, goes as Outcome | null))}
          </div>`,
        })}
      </div>
      <wa-button slot="footer" appearance="outlined" @click=${() => this.emit('il-close')}>${this.t('cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" @click=${this.#save}>${this.t('rollover.keep')}</wa-button>
    </il-dialog>`;
  }

  #pupil({ id, givenName, familyName }: { id: string; givenName: string; familyName: string }, stored: Outcome | null) {
    const goes = this.chosen.has(id) ? (this.chosen.get(id) ?? null) : stored;
    // A name of a class may be anything, so options are numbered.
    const names = goes?.outcome === 'to' && !this.names.includes(goes.name) ? [...this.names, goes.name] : this.names;
    const value = goes === null ? 'along' : goes.outcome === 'to' ? String(names.indexOf(goes.name)) : goes.outcome;
    return html`<wa-select
      label=${`${givenName} ${familyName}`}
      .value=${value}
      @change=${(event: Event) => {
        const chosen = (event.target as HTMLSelectElement).value;
        const outcome: Outcome | null =
          chosen === 'along'
            ? null
            : chosen === 'leaves' || chosen === 'none'
              ? { outcome: chosen }
              : { outcome: 'to', name: names[Number(chosen)] as string };
        this.chosen = new Map(this.chosen).set(id, outcome);
      }}
    >
      <wa-option value="along">${this.t('rollover.along')}</wa-option>
      ${names.map((name, index) => html`<wa-option value=${String(index)}>${this.t('rollover.toClass', { name })}</wa-option>`)}
      <wa-option value="leaves">${this.t('rollover.outcomes.leaves')}</wa-option>
      <wa-option value="none">${this.t('rollover.outcomes.none')}</wa-option>
    </wa-select>`;
  }

  #save(): void {
    const classId = this.klas?.id;
    if (classId === undefined) return;
    this.emit('directory-chosen', { pupils: [...this.chosen].map(([personId, goes]) => ({ classId, personId, goes })) });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'directory-rollover-pupils': RolloverPupils;
  }
}
