import type { Answer } from '@ilearn/core';
import { ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { rosters } from '../client.js';
import type { connectionRoutes } from '../connections/routes.js';

export type Connection = NonNullable<Answer<typeof connectionRoutes, 'GET', '/schools/:school/connection'>['connection']>;
type Field = 'address' | 'tokenAddress' | 'clientId' | 'secret' | 'platform' | 'scope' | 'schoolId';

const empty: Connection = {
  address: '',
  path: 'v1p2',
  shape: '1.2',
  authentication: 'body',
  tokenAddress: '',
  scope: 'https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly',
  clientId: '',
  schoolId: '',
  accounts: 'none',
  nightly: true,
};
const platformPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** What Smartschool needs: paths and payload of OneRoster 1.1, with tokens of OAuth 2.0. */
const smartschool = (platform: string): Omit<Connection, 'clientId' | 'nightly'> => ({
  address: `https://${platform}.smartschool.be`,
  path: 'v1p1',
  shape: '1.1',
  authentication: 'body',
  tokenAddress: `https://${platform}.smartschool.be/ims/oneroster/token`,
  scope: '',
  schoolId: '',
  accounts: 'smartschool',
});

/** The connection of a school with its own system. Fires `rosters-saved`, and `rosters-cancelled`. */
@customElement('rosters-connection-form')
export class ConnectionForm extends PortalElement {
  static override ns = 'rosters';
  static override styles = [
    sharedStyles,
    css`
      .error {
        margin: 0;
        color: var(--il-bad);
        font-weight: 600;
      }
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 34rem;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
    `,
  ];

  @property({ attribute: false }) school = '';
  @property({ attribute: false }) connection: Connection | null = null;

  @state() private kind: 'smartschool' | 'other' = 'smartschool';
  @state() private draft: Connection = empty;
  @state() private platform = '';
  @state() private secret = '';
  @state() private wrong: Field | null = null;
  @state() private problem: unknown;
  @state() private busy = false;

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('connection') && !changed.has('school')) return;
    const platform = /^https:\/\/([a-z0-9-]+)\.smartschool\.be$/.exec(this.connection?.address ?? '')?.[1] ?? '';
    this.draft = this.connection ?? empty;
    this.kind = this.connection !== null && platform === '' ? 'other' : 'smartschool';
    this.platform = platform;
    this.secret = '';
    this.wrong = null;
    this.problem = undefined;
  }

  #settings(): Connection {
    const { clientId, nightly } = this.draft;
    return this.kind === 'smartschool' ? { ...smartschool(this.platform.trim().toLowerCase()), clientId, nightly } : this.draft;
  }

  /** The first field that cannot be sent. */
  #fault(settings: Connection): Field | null {
    if (this.kind === 'smartschool' && !platformPattern.test(this.platform.trim().toLowerCase())) return 'platform';
    if (!URL.canParse(settings.address)) return 'address';
    if (!URL.canParse(settings.tokenAddress)) return 'tokenAddress';
    if (settings.clientId.trim() === '') return 'clientId';
    return this.connection === null && this.secret === '' ? 'secret' : null;
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const settings = this.#settings();
    this.problem = undefined;
    this.wrong = this.#fault(settings);
    if (this.wrong === null) await this.#send(settings);
    if (this.wrong === null) return;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`#${this.wrong}`)?.focus();
  }

  async #send(settings: Connection): Promise<void> {
    this.busy = true;
    try {
      const params = { school: this.school };
      await rosters.put('/schools/:school/connection', { params, body: { ...settings, secret: this.secret || null } });
      this.secret = '';
      notify({ kind: 'success', text: this.t('form.saved') });
      this.emit('rosters-saved');
    } catch (problem) {
      const at =
        problem instanceof ApiProblem
          ? (['/secret', '/address', '/tokenAddress'] as const).find((each) => problem.errorAt(each))
          : undefined;
      if (at === undefined) this.problem = problem;
      else this.wrong = this.kind === 'smartschool' && at !== '/secret' ? 'platform' : (at.slice(1) as Field);
    } finally {
      this.busy = false;
    }
  }

  override render() {
    return html`
      <form novalidate @submit=${this.#save}>
        <wa-select label=${this.t('form.kind')} .value=${this.kind} @change=${(event: Event) => {
          this.kind = (event.target as HTMLSelectElement).value as 'smartschool' | 'other';
          this.wrong = null;
        }}>
          <wa-option value="smartschool">Smartschool</wa-option>
          <wa-option value="other">${this.t('form.other')}</wa-option>
        </wa-select>
        ${this.kind === 'smartschool' ? this.#platformField() : this.#otherFields()}
        ${this.#text('clientId')}
        ${this.#error('clientId')}
        <wa-input
          id="secret"
          type="password"
          label=${this.t('form.secret')}
          hint=${this.t(this.connection === null ? 'form.secretHint' : 'form.secretKept')}
          autocomplete="off"
          maxlength="1000"
          .value=${this.secret}
          @input=${(event: Event) => {
            this.secret = (event.target as HTMLInputElement).value;
          }}
        ></wa-input>
        ${this.#error('secret')}
        <wa-checkbox .checked=${this.draft.nightly} @change=${(event: Event) =>
          this.#set('nightly', (event.target as HTMLInputElement).checked)}>${this.t('form.nightly')}</wa-checkbox>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
        <div class="actions">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('form.save')}</wa-button>
          ${
            this.connection === null
              ? ''
              : html`<wa-button appearance="outlined" @click=${() => this.emit('rosters-cancelled')}>${this.t('form.cancel')}</wa-button>`
          }
        </div>
      </form>
    `;
  }

  #platformField() {
    return html`<wa-input
        id="platform"
        label=${this.t('form.platform')}
        hint=${this.t('form.platformHint')}
        autocomplete="off"
        maxlength="63"
        .value=${this.platform}
        @input=${(event: Event) => {
          this.platform = (event.target as HTMLInputElement).value;
        }}
      ></wa-input>
      ${this.#error('platform')}`;
  }

  #otherFields() {
    return html`
      ${this.#text('address')} ${this.#error('address')}
      ${this.#choice('path', ['v1p1', 'v1p2'])}
      ${this.#choice('shape', ['1.1', '1.2'])}
      ${this.#text('tokenAddress')} ${this.#error('tokenAddress')}
      ${this.#choice('authentication', ['body', 'basic'])}
      ${this.#text('scope')}
      ${this.#text('schoolId')}
    `;
  }

  #text(field: 'address' | 'tokenAddress' | 'clientId' | 'scope' | 'schoolId') {
    const hint = field === 'clientId' ? '' : this.t(`form.${field}Hint`);
    return html`<wa-input
      id=${field}
      label=${this.t(`form.${field}`)}
      hint=${hint}
      autocomplete="off"
      maxlength=${field === 'clientId' || field === 'schoolId' ? 255 : 500}
      .value=${this.draft[field]}
      @input=${(event: Event) => this.#set(field, (event.target as HTMLInputElement).value)}
    ></wa-input>`;
  }

  #choice(field: 'path' | 'shape' | 'authentication', values: readonly string[]) {
    const key = (value: string) => `form.${field}s.${value.replace('.', '')}`;
    return html`<wa-select label=${this.t(`form.${field}`)} .value=${this.draft[field]} @change=${(event: Event) =>
      this.#set(field, (event.target as HTMLSelectElement).value as never)}>
      ${values.map((value) => html`<wa-option value=${value}>${this.t(key(value))}</wa-option>`)}
    </wa-select>`;
  }

  #error(field: Field) {
    return this.wrong === field ? html`<p class="error" role="alert">${this.t(`form.wrong.${field}`)}</p>` : '';
  }

  #set<F extends keyof Connection>(field: F, value: Connection[F]): void {
    this.draft = { ...this.draft, [field]: value };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rosters-connection-form': ConnectionForm;
  }
}
