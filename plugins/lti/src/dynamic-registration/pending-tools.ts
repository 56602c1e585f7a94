import type { Answer } from '@ilearn/core';
import { ApiProblem, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { lti } from '../client.js';
import { scopeLabel } from '../scope-label.js';
import type { ServiceScope } from '../scopes.js';
import type { selfRegistrationRoutes } from './routes.js';

type Pending = Answer<typeof selfRegistrationRoutes, 'GET', '/registrations/pending'>['tools'][number];

/** What an administrator ticked for one tool. */
interface Ticked {
  scopes: readonly ServiceScope[];
  name: boolean;
  email: boolean;
}

/**
 * For the page of tools: lets a tool register itself, and shows those that wait for approval, with what they ask in plain words.
 * @fires lti-approved
 */
@customElement('lti-pending-tools')
export class PendingTools extends PortalElement {
  static override ns = 'lti';
  static override styles = [
    sharedStyles,
    css`
      :host {
        display: grid;
        gap: var(--il-space-4);
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
        align-items: end;
      }
      wa-input {
        flex: 1 1 20rem;
      }
      .waiting {
        display: grid;
        gap: var(--il-space-3);
        padding: var(--il-space-4) var(--il-space-5);
        background: var(--il-warn-fill);
        border-radius: var(--il-radius);
      }
      fieldset {
        display: grid;
        gap: var(--il-space-2);
        margin: 0;
        padding: 0;
        border: 0;
      }
      .error {
        color: var(--il-bad);
        font-weight: 600;
      }
    `,
  ];

  @state() private address = '';
  @state() private wrong = false;
  /** By id of the tool; absent: all that it asks for. */
  @state() private ticked: ReadonlyMap<string, Ticked> = new Map();

  readonly #pending = new Task(this, { task: (_, { signal }) => lti.get('/registrations/pending', { signal }), args: () => [] });

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('message', this.#told);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('message', this.#told);
  }

  #window: Window | null = null;

  /** The tool says that it is done (Dynamic Registration 1.0 §3.6.1). */
  readonly #told = ({ data, source }: MessageEvent): void => {
    const subject = typeof data === 'string' ? data : (data as { subject?: unknown } | null)?.subject;
    if (subject !== 'org.imsglobal.lti.close' || source === null || source !== this.#window) return;
    this.#window?.close();
    this.#window = null;
    void this.#pending.run();
  };

  async #invite(event: Event): Promise<void> {
    event.preventDefault();
    this.wrong = false;
    // Opened at once, because browsers block windows that open later.
    const opened = window.open('', 'lti-registration', 'popup,width=900,height=800');
    try {
      const { url } = await lti.post('/registrations/invitations', { body: { address: this.address.trim() } });
      this.#window = opened;
      if (opened === null) location.assign(url);
      else opened.location.href = url;
    } catch (problem) {
      opened?.close();
      if (problem instanceof ApiProblem && problem.status === 400) this.wrong = true;
      else notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #ticks({ id, scopes, release }: Pending): Ticked {
    return this.ticked.get(id) ?? { scopes, ...release };
  }

  #tick(tool: Pending, change: Partial<Ticked>): void {
    this.ticked = new Map(this.ticked).set(tool.id, { ...this.#ticks(tool), ...change });
  }

  async #decide(tool: Pending, approved: boolean): Promise<void> {
    const params = { id: tool.id };
    const { scopes, name, email } = this.#ticks(tool);
    try {
      if (approved) {
        const body = { scopes: [...scopes], release: { name, email } };
        await lti.post('/registrations/pending/:id/approve', { params, body });
      } else await lti.delete('/registrations/pending/:id', { params });
      notify({ kind: 'success', text: this.t(approved ? 'pending.approved' : 'pending.refused', { name: tool.name }) });
      if (approved) this.emit('lti-approved');
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#pending.run();
  }

  override render() {
    const tools = this.#pending.value?.tools ?? [];
    return html`
      ${tools.length === 0 ? nothing : html`<h2>${this.t('pending.title')}</h2>`} ${tools.map((tool) => this.#tool(tool))}
      <form @submit=${this.#invite}>
        <wa-input
          type="url"
          maxlength="2000"
          .label=${this.t('pending.address')}
          .hint=${this.t('pending.hint')}
          .value=${this.address}
          @input=${(event: Event) => (this.address = (event.target as HTMLInputElement).value ?? '')}
        ></wa-input>
        <wa-button appearance="outlined" ?disabled=${this.address.trim() === ''} @click=${this.#invite}>${this.t('pending.invite')}</wa-button>
      </form>
      ${this.wrong ? html`<p class="error" role="alert">${this.t('tools.faults.loginUrl')}</p>` : nothing}
    `;
  }

  #tool(tool: Pending) {
    const { id, name, hosts, scopes, release, choosing } = tool;
    const ticked = this.#ticks(tool);
    const box = (label: string, checked: boolean, tick: (on: boolean) => void) =>
      html`<wa-checkbox .checked=${checked} @change=${(event: Event) => tick((event.target as HTMLInputElement).checked)}
        >${label}</wa-checkbox
      >`;
    return html`<section class="waiting" aria-labelledby=${id}>
      <h3 id=${id}>${name}</h3>
      <p>${this.t('pending.hosts', { hosts: hosts.join(', ') })}</p>
      ${choosing ? html`<p>${this.t('pending.choosing')}</p>` : nothing}
      <fieldset>
        <legend class="strong">${this.t('pending.may')}</legend>
        ${scopes.map((scope) =>
          box(scopeLabel(this, scope), ticked.scopes.includes(scope), (on) => {
            const others = ticked.scopes.filter((each) => each !== scope);
            this.#tick(tool, { scopes: on ? [...others, scope] : others });
          }),
        )}
        ${(['name', 'email'] as const)
          .filter((what) => release[what])
          .map((what) =>
            box(this.t('pending.knows', { what: this.t(`tools.releases.${what}`) }), ticked[what], (on) =>
              this.#tick(tool, { [what]: on }),
            ),
          )}
        ${scopes.length === 0 && !release.name && !release.email ? html`<p>${this.t('pending.asksNothing')}</p>` : nothing}
      </fieldset>
      <div class="actions">
        <wa-button variant="brand" @click=${() => this.#decide(tool, true)}>${this.t('pending.approve')}<span class="visually-hidden"> – ${name}</span></wa-button>
        <wa-button appearance="outlined" @click=${() => this.#decide(tool, false)}>${this.t('pending.refuse')}<span class="visually-hidden"> – ${name}</span></wa-button>
      </div>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-pending-tools': PendingTools;
  }
}
