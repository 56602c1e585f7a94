import type { Answer } from '@ilearn/core';
import { directory } from '@ilearn/plugin-directory/client';
import { ApiProblem, confirmDialog, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { signIn } from '../client.js';
import '../waiting/waiting-accounts.js';
import type { schoolRoutes } from '../schools/routes.js';

type Providers = Answer<typeof schoolRoutes, 'GET', '/schools/:school/providers'>;
type Used = Providers['used'][number];

/** `/aanmeldwijzen`: which providers a school uses, and accounts of which the school must say whose they are. */
@customElement('sign-in-oidc-settings-page')
export class SettingsPage extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [
    sharedStyles,
    css`
      ul {
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      li p {
        margin: 0;
        overflow-wrap: anywhere;
      }
      form {
        display: grid;
        gap: var(--il-space-4);
        max-width: 30rem;
      }
      form wa-button {
        justify-self: start;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2);
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private provider = '';
  @state() private byRoster = false;
  @state() private invalid = false;
  @state() private problem: unknown;
  @state() private busy = false;

  @query('#realm') private realm!: (HTMLElement & { value: string }) | null;

  readonly #schools = new Task(this, {
    task: async (_, { signal }) => (await directory.get('/schools', { signal })).schools,
    args: () => [],
  });

  get #school(): string | null {
    const schools = this.#schools.value ?? [];
    const asked = this.query.get('school');
    return schools.find(({ id }) => id === asked)?.id ?? schools[0]?.id ?? null;
  }

  readonly #providers = new Task(this, {
    task: ([school], { signal }) =>
      school === null ? undefined : signIn.get('/schools/:school/providers', { params: { school }, signal }),
    args: () => [this.#school] as const,
  });

  async #change(change: () => Promise<unknown>, done: string): Promise<void> {
    this.problem = undefined;
    this.busy = true;
    try {
      await change();
      notify({ kind: 'success', text: done });
      await this.#providers.run();
    } catch (problem) {
      this.invalid = problem instanceof ApiProblem && problem.type.endsWith('/sign-in-oidc/invalid-realm');
      if (!this.invalid) this.problem = problem;
    } finally {
      this.busy = false;
    }
  }

  async #save(event: SubmitEvent, school: string, { offered }: Providers): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const kind = offered.find(({ key }) => key === this.#chosen(offered))?.realmKind;
    const body = { provider: this.#chosen(offered), realm: this.realm?.value ?? '', byRoster: this.byRoster };
    this.invalid = false;
    const confirmed = kind === 'instellingsnummer' || this.#confirms;
    await this.#change(
      () => signIn.put('/schools/:school/providers', { params: { school }, body }),
      this.t(confirmed ? 'settings.saved' : 'settings.savedWaiting'),
    );
    if (this.invalid) this.realm?.focus();
  }

  async #remove(school: string, { provider, realm, label }: Used): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('settings.removeOf', { provider: label }),
      text: this.t('settings.sure', { provider: label }),
      confirm: this.t('settings.remove'),
      danger: true,
    });
    if (!sure) return;
    await this.#change(
      () => signIn.post('/schools/:school/providers/remove', { params: { school }, body: { provider, realm } }),
      this.t('settings.saved'),
    );
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  /** Portal administrators confirm what schools enter; what they enter themselves is confirmed. */
  get #confirms(): boolean {
    return this.session?.permissions.includes('sign-in:confirm') === true;
  }

  #chosen(offered: Providers['offered']): string {
    return this.provider || (offered[0]?.key ?? '');
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('settings.title')}></il-page-head>
        ${this.#schools.render({
          pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
          complete: (schools) => html`
            ${
              schools.length < 2
                ? ''
                : html`<wa-select
                  label=${this.t('settings.school')}
                  .value=${this.#school ?? ''}
                  @change=${(event: Event) => navigate(`/aanmeldwijzen?school=${(event.target as HTMLSelectElement).value}`)}
                >
                  ${schools.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
                </wa-select>`
            }
            ${this.#ofSchool()}
          `,
        })}
      </div>
    `;
  }

  #ofSchool() {
    const school = this.#school;
    if (school === null) return '';
    return html`
      ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
      ${this.#providers.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#providers.run()}></il-problem>`,
        complete: (providers) =>
          providers === undefined
            ? ''
            : html`
              <section aria-labelledby="used">
                <h2 id="used">${this.t('settings.used')}</h2>
                ${
                  providers.used.length === 0
                    ? html`<p>${this.t('settings.noneUsed')}</p>`
                    : html`<ul>${providers.used.map((each) => this.#item(school, each))}</ul>`
                }
              </section>
              ${this.#form(school, providers)}
            `,
      })}
      <sign-in-oidc-waiting .school=${school}></sign-in-oidc-waiting>
    `;
  }

  #item(school: string, used: Used) {
    const { provider, realm, label, confirmed, byRoster } = used;
    return html`<li>
      <div>
        <p><strong>${label}</strong>${realm === '' ? '' : ` ${realm}`}</p>
        <p class="muted">
          ${this.t(confirmed ? 'settings.inUse' : 'settings.waitsForAdministrator')}, ${this.t(byRoster ? 'settings.byRoster' : 'settings.byHand')}
        </p>
      </div>
      <div class="actions">
        ${
          confirmed || !this.#confirms
            ? ''
            : html`<wa-button
              size="small"
              @click=${() =>
                this.#change(
                  () => signIn.post('/schools/:school/providers/confirm', { params: { school }, body: { provider, realm } }),
                  this.t('settings.saved'),
                )}
              >${this.t('settings.confirmOf', { realm })}</wa-button
            >`
        }
        <wa-button size="small" @click=${() => this.#remove(school, used)}>
          ${this.t('settings.remove')} <span class="visually-hidden">${label} ${realm}</span>
        </wa-button>
      </div>
    </li>`;
  }

  #form(school: string, providers: Providers) {
    const { offered } = providers;
    if (offered.length === 0) return html`<p>${this.t('settings.noneOffered')}</p>`;
    const chosen = this.#chosen(offered);
    const kind = offered.find(({ key }) => key === chosen)?.realmKind;
    const needed = kind === 'domain' || kind === 'tenant' || kind === 'platform';
    return html`
      <form novalidate @submit=${(event: SubmitEvent) => this.#save(event, school, providers)}>
        <h2>${this.t('settings.add')}</h2>
        <wa-select
          label=${this.t('settings.provider')}
          .value=${chosen}
          @change=${(event: Event) => {
            this.provider = (event.target as HTMLSelectElement).value;
            this.invalid = false;
          }}
        >
          ${offered.map(({ key, label }) => html`<wa-option value=${key}>${label}</wa-option>`)}
        </wa-select>
        ${needed ? html`<wa-input id="realm" label=${this.t(`settings.realm.${kind}`)} maxlength="253" autocomplete="off"></wa-input>` : ''}
        ${this.invalid ? html`<p class="error" role="alert">${this.t('settings.invalid')}</p>` : ''}
        <wa-checkbox
          .checked=${this.byRoster}
          @change=${(event: Event) => {
            this.byRoster = (event.target as HTMLInputElement).checked;
          }}
          >${this.t('settings.roster')}</wa-checkbox
        >
        <p class="muted">${this.t('settings.rosterHint')}</p>
        <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('settings.save')}</wa-button>
      </form>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-settings-page': SettingsPage;
  }
}
