import { ApiProblem, announce, guardLeaving, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { fieldControl } from './field.js';
import type { Change, Field, Period, Section } from './shapes.js';
import { settingsStyles } from './styles.js';

/** One section of settings: a form that is saved as a whole. */
@customElement('operations-settings-section')
export class SettingsSection extends PortalElement {
  static override ns = 'operations';
  static override styles = [sharedStyles, settingsStyles];

  @property({ attribute: false }) section!: Section;
  /** Whether these are the portal's or a tenant's settings. */
  @property({ attribute: false }) scope: 'portal' | 'tenant' = 'portal';
  @property({ attribute: false }) save!: (change: Change) => Promise<unknown>;
  @property({ attribute: false }) reload!: () => Promise<void>;

  /** Changed values that are not saved yet. */
  @state() private draft: Readonly<Record<string, unknown>> = {};
  /** Fields whose own value will be removed on saving. */
  @state() private reset: readonly string[] = [];
  @state() private faults: Readonly<Record<string, string>> = {};
  @state() private saving = false;
  @state() private outdated = false;

  #endGuard: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endGuard = guardLeaving(() => this.#dirty);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endGuard?.();
  }

  get #dirty(): boolean {
    return this.reset.length > 0 || Object.keys(this.draft).length > 0;
  }

  override render() {
    const { plugin, title, fields } = this.section;
    return html`<form novalidate aria-labelledby="title" @submit=${this.#submit}>
      <h2 id="title" tabindex="-1">${title}</h2>
      ${fields.map((field) => this.#field(field))}
      ${
        this.outdated
          ? html`<wa-callout variant="warning" role="alert">
              <il-icon slot="icon" name="warning"></il-icon>
              <p>${this.t('settings.outdated')}</p>
              <wa-button size="s" appearance="outlined" @click=${this.#startOver}>${this.t('settings.showNew')}</wa-button>
            </wa-callout>`
          : nothing
      }
      <div class="actions">
        <wa-button type="submit" variant=${this.#dirty ? 'brand' : 'neutral'} ?disabled=${!this.#dirty} ?loading=${this.saving} data-plugin=${plugin}>
          ${this.t('settings.save')}<span class="visually-hidden"> – ${title}</span>
        </wa-button>
        ${this.#dirty ? html`<wa-button appearance="plain" @click=${this.#undo}>${this.t('settings.undo')}</wa-button>` : nothing}
      </div>
    </form>`;
  }

  #field(field: Field) {
    const { name } = field;
    const resetting = this.reset.includes(name);
    const value = Object.hasOwn(this.draft, name) ? this.draft[name] : resetting ? field.fallback : field.value;
    const own = field.source === this.scope && !resetting && !Object.hasOwn(this.draft, name);
    return html`<div class="field">
      ${fieldControl({
        field,
        value,
        changed: Object.hasOwn(this.draft, name),
        error: this.faults[name],
        t: (key, options) => this.t(`settings.${key}`, options),
        onChange: (next) => this.#change(name, next),
        onTakeOver: (periods) => this.#takeOver(name, value as Period[], periods),
      })}
      ${field.misfit ? html`<p class="note warn"><il-icon name="warning"></il-icon>${this.t('settings.misfit')}</p>` : nothing}
      ${this.#origin(field, own, resetting)}
    </div>`;
  }

  /** Where the value comes from, and a button that removes the scope's own value. */
  #origin(field: Field, own: boolean, resetting: boolean) {
    if (resetting) return html`<p class="note">${this.t('settings.willFallBack')}</p>`;
    if (!own) {
      const inherited = this.scope === 'tenant' && field.source === 'portal' && !Object.hasOwn(this.draft, field.name);
      return inherited ? html`<p class="note">${this.t('settings.fromPortal')}</p>` : nothing;
    }
    return html`<p class="note">
      <button type="button" class="link" @click=${() => this.#giveUp(field)}>
        ${this.t(field.kind === 'secret' ? 'settings.forget' : this.scope === 'tenant' ? 'settings.useFallback' : 'settings.useDefault')}<span
          class="visually-hidden"
        >
          – ${field.label}</span
        >
      </button>
    </p>`;
  }

  #change(name: string, value: unknown): void {
    const field = this.section.fields.find((each) => each.name === name);
    const { [name]: _, ...rest } = this.draft;
    const same = field?.kind !== 'secret' && JSON.stringify(value) === JSON.stringify(field?.value);
    this.draft = same || (field?.kind === 'secret' && value === '') ? rest : { ...rest, [name]: value };
    this.reset = this.reset.filter((each) => each !== name);
    const { [name]: __, ...faults } = this.faults;
    this.faults = faults;
  }

  #giveUp({ name }: Field): void {
    const { [name]: _, ...rest } = this.draft;
    this.draft = rest;
    this.reset = [...this.reset, name];
  }

  #takeOver(name: string, present: readonly Period[], proposed: readonly Period[]): void {
    const fresh = proposed.filter(({ from, to }) => !present.some((each) => each.from === from && each.to === to));
    this.#change(
      name,
      [...present, ...fresh].sort((one, other) => (one.from < other.from ? -1 : 1)),
    );
    announce(this.t('settings.takenOver', { count: fresh.length }));
  }

  #undo = (): void => {
    this.draft = {};
    this.reset = [];
    this.faults = {};
  };

  #startOver = async (): Promise<void> => {
    this.#undo();
    this.outdated = false;
    await this.reload();
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  };

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!this.#dirty || this.saving) return;
    this.saving = true;
    try {
      await this.save({ version: this.section.version, values: this.draft, reset: [...this.reset] });
      this.#undo();
      await this.reload();
      notify({ kind: 'success', text: this.t('settings.saved', { title: this.section.title }) });
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
    } catch (problem) {
      await this.#tell(problem);
    } finally {
      this.saving = false;
    }
  };

  async #tell(problem: unknown): Promise<void> {
    if (problem instanceof ApiProblem && problem.status === 409) {
      this.outdated = true;
      return;
    }
    const errors = problem instanceof ApiProblem ? (problem.errors ?? []) : [];
    const named = errors.flatMap(({ pointer }) => /^\/values\/(\w+)/.exec(pointer)?.[1] ?? []);
    if (named.length === 0) {
      notify({ kind: 'error', text: (problem as Error).message });
      return;
    }
    this.faults = Object.fromEntries(named.map((name) => [name, this.#faultOf(name)]));
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[name="${named[0]}"], #field-${named[0]} :is(input, select, button)`)?.focus();
  }

  #faultOf(name: string): string {
    const field = this.section.fields.find((each) => each.name === name);
    if (field === undefined) return this.t('settings.wrong.other');
    const { kind, minimum, maximum, maxLength, most } = field;
    const word = ['integer', 'number', 'text', 'secret', 'date', 'periods'].includes(kind) ? kind : 'other';
    return this.t(`settings.wrong.${word}`, { minimum, maximum, most: most ?? maxLength });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'operations-settings-section': SettingsSection;
  }
}
