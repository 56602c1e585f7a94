import { ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { choiceStyles } from '../choice-styles.js';
import { lti } from '../client.js';
import { scopeLabel } from '../scope-label.js';
import type { ServiceScope } from '../scopes.js';
import { presentations } from './presentations.js';
import type { Presentation, Registration } from './registration.js';

const fields = ['name', 'key', 'loginUrl', 'redirectUris', 'jwksUrl', 'deploymentId', 'deepLinkingUrl'] as const;
type Field = (typeof fields)[number];

/**
 * Dialog to register or change a tool.
 * @fires lti-saved `{ name }`
 */
@customElement('lti-tool-dialog')
export class ToolDialog extends PortalElement {
  static override ns = 'lti';

  static override styles = [
    sharedStyles,
    choiceStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
      }
      .error {
        margin-top: var(--il-space-1);
        color: var(--il-bad);
        font-weight: 600;
      }
      fieldset {
        display: grid;
        gap: var(--il-space-2);
      }
    `,
  ];

  /** Null: register a new tool. */
  @property({ attribute: false }) registration: Registration | null = null;

  @state() private values: Record<Field, string> = {
    name: '',
    key: '',
    loginUrl: '',
    redirectUris: '',
    jwksUrl: '',
    deploymentId: '1',
    deepLinkingUrl: '',
  };
  /** Null: those of a tool whose registration names none. */
  @state() private scopes: readonly ServiceScope[] | null = null;
  @state() private presentation: Presentation = 'same';
  @state() private release = { name: false, email: false };
  @state() private errors: Partial<Record<Field, string>> = {};
  @state() private problem: unknown;
  @state() private busy = false;

  /** What a tool can be allowed, as the platform says itself: pages name no host of others. */
  readonly #offered = new Task(this, {
    task: async (_, { signal }) => {
      const { scopes_supported } = await lti.get('/openid-configuration', { signal });
      return scopes_supported.filter((scope): scope is ServiceScope => scope !== 'openid');
    },
    args: () => [],
  });

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('registration') || this.registration === null) return;
    const { name, key, loginUrl, redirectUris, jwksUrl, deploymentId, deepLinkingUrl, release } = this.registration;
    this.values = {
      name,
      key,
      loginUrl,
      redirectUris: redirectUris.join('\n'),
      jwksUrl,
      deploymentId,
      deepLinkingUrl: deepLinkingUrl ?? '',
    };
    this.scopes = this.registration.scopes;
    this.presentation = this.registration.presentation;
    this.release = { ...release };
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    const { registration } = this;
    const body = {
      ...this.values,
      redirectUris: this.values.redirectUris.split(/\s+/).filter(Boolean),
      deepLinkingUrl: this.values.deepLinkingUrl.trim() || null,
      release: this.release,
      ...(this.scopes === null ? {} : { scopes: [...this.scopes] }),
      presentation: this.presentation,
    };
    try {
      if (registration === null) await lti.post('/registrations', { body });
      else {
        const { id, active, loginMethod } = registration;
        await lti.put('/registrations/:id', { params: { id }, body: { ...body, active, loginMethod } });
      }
      this.emit('lti-saved', { name: this.values.name });
    } catch (problem) {
      this.#explain(problem);
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('[data-wrong]')?.focus();
    } finally {
      this.busy = false;
    }
  }

  /** Shows field errors beside their fields, in the user's language. */
  #explain(problem: unknown): void {
    const { type, errors } = problem instanceof ApiProblem ? problem : { type: '', errors: [] };
    const wrong = fields.filter((field) => errors.some(({ pointer }) => pointer.split('/')[1] === field));
    if (type.endsWith('/lti/registration-taken')) this.errors = { key: this.t('tools.faults.taken') };
    else this.errors = Object.fromEntries(wrong.map((field) => [field, this.t(`tools.faults.${field}`)]));
    if (Object.keys(this.errors).length === 0) this.problem = problem;
  }

  override render() {
    const title = this.registration === null ? 'tools.add' : 'tools.changeTitle';
    return html`<il-dialog heading=${this.t(title, { name: this.registration?.name })} .open=${true}>
      <form novalidate @submit=${this.#save}>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        ${fields.map((field) => this.#field(field))}
        <fieldset>
          <legend>${this.t('tools.fields.release')}</legend>
          <p class="small muted">${this.t('tools.releaseHint')}</p>
          ${(['name', 'email'] as const).map(
            (what) => html`<wa-checkbox
              .checked=${this.release[what]}
              @change=${(event: Event) => {
                this.release = { ...this.release, [what]: (event.target as HTMLInputElement).checked };
              }}
              >${this.t(`tools.releases.${what}`)}</wa-checkbox
            >`,
          )}
        </fieldset>
        <fieldset>
          <legend class="strong">${this.t('tools.fields.scopes')}</legend>
          ${this.#offered.render({
            pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
            error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#offered.run()}></il-problem>`,
            complete: (offered) => this.#scopeFields(offered),
          })}
        </fieldset>
        <label class="choice"
          >${this.t('tools.fields.presentation')}
          <select @change=${(event: Event) => (this.presentation = (event.target as HTMLSelectElement).value as Presentation)}>
            ${presentations.map((each) => html`<option value=${each} ?selected=${each === this.presentation}>${this.t(`privacy.values.presentation.${each}`)}</option>`)}
          </select>
        </label>
      </form>
      <wa-button slot="footer" appearance="plain" @click=${() => this.emit('il-close')}>${this.t('tools.cancel')}</wa-button>
      <wa-button slot="footer" variant="brand" ?loading=${this.busy} @click=${this.#save}>${this.t('tools.save')}</wa-button>
    </il-dialog>`;
  }

  #scopeFields(offered: readonly ServiceScope[]) {
    const ticked = this.scopes ?? offered.filter((scope) => !scope.includes('/lti-nrps/'));
    return offered.map(
      (scope) => html`<wa-checkbox
        .checked=${ticked.includes(scope)}
        @change=${(event: Event) => {
          const others = ticked.filter((each) => each !== scope);
          this.scopes = (event.target as HTMLInputElement).checked ? [...others, scope] : others;
        }}
        >${scopeLabel(this, scope)}</wa-checkbox
      >`,
    );
  }

  #field(field: Field) {
    const error = this.errors[field];
    const changed = (event: Event) => {
      this.values = { ...this.values, [field]: (event.target as HTMLInputElement).value };
      this.errors = { ...this.errors, [field]: undefined };
    };
    const label = this.t(`tools.fields.${field}`);
    const hint = this.t(`tools.hints.${field}`);
    return html`<div>
      ${
        field === 'redirectUris'
          ? html`<wa-textarea
              rows="2"
              .label=${label}
              .hint=${hint}
              .value=${this.values[field]}
              ?data-wrong=${error !== undefined}
              @input=${changed}
            ></wa-textarea>`
          : html`<wa-input
              .label=${label}
              .hint=${hint}
              .value=${this.values[field]}
              ?data-wrong=${error !== undefined}
              @input=${changed}
            ></wa-input>`
      }
      ${error === undefined ? nothing : html`<p class="error" role="alert">${error}</p>`}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-tool-dialog': ToolDialog;
  }
}
