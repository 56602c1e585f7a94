import type { Answer } from '@ilearn/core';
import { ApiProblem, confirmDialog, notify, PortalElement, pluginTitle, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { lti } from '../client.js';
import type { Registration } from './registration.js';
import type { registrationRoutes } from './routes.js';
import './tool-dialog.js';
import { scopeLabel } from '../scope-label.js';

const shownAddresses = 5;

type Known = Answer<typeof registrationRoutes, 'GET', '/registrations'>;

/** `/beheer/tools`: the registered tools, and the endpoints of the portal that a new tool needs. */
@customElement('lti-tools-page')
export class ToolsPage extends PortalElement {
  static override ns = 'lti';

  static override styles = [
    sharedStyles,
    css`
      .tool {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: var(--il-space-3) var(--il-space-5);
        padding-block: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      .about,
      dl {
        display: grid;
        gap: var(--il-space-2);
        min-width: 0;
      }
      dl {
        grid-template-columns: 15rem minmax(0, 1fr);
        gap: var(--il-space-1) var(--il-space-4);
        font-size: var(--il-text-s);
      }
      dt {
        color: var(--il-ink-soft);
      }
      dd {
        overflow-wrap: anywhere;
      }
      .state {
        display: inline-flex;
        gap: var(--il-space-2);
        align-items: center;
        font-weight: 600;
      }
      .on {
        color: var(--il-good);
      }
      .tool .actions {
        align-self: start;
      }
      @media (max-width: 40rem) {
        .tool,
        dl {
          grid-template-columns: minmax(0, 1fr);
        }
        dd {
          margin-bottom: var(--il-space-2);
        }
      }
    `,
  ];

  /** The tool in the dialog; `new`: a tool to register. */
  @state() private open: Registration | 'new' | null = null;

  #known = new Task(this, {
    task: (_, { signal }) => lti.get('/registrations', { signal }),
    args: () => [],
  });

  async #act(text: string, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      notify({ kind: 'success', text });
    } catch (problem) {
      const used = problem instanceof ApiProblem && problem.type.endsWith('/lti/registration-in-use');
      notify({ kind: 'error', text: used ? this.t('tools.used') : (problem as Error).message });
    }
    await this.#known.run();
    this.renderRoot.querySelector('il-page-head')?.focus();
  }

  #switch({ id, clientId: _client, source: _source, ...tool }: Registration): Promise<void> {
    const active = !tool.active;
    const text = this.t(active ? 'tools.switchedOn' : 'tools.switchedOff', { name: tool.name });
    return this.#act(text, () => lti.put('/registrations/:id', { params: { id }, body: { ...tool, active } }));
  }

  async #remove({ id, name }: Registration): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('tools.removeTitle', { name }),
      text: this.t('tools.removeText'),
      confirm: this.t('tools.removeConfirm'),
      danger: true,
    });
    if (sure) await this.#act(this.t('tools.removed', { name }), () => lti.delete('/registrations/:id', { params: { id } }));
  }

  #saved(event: CustomEvent<{ name: string }>): void {
    this.open = null;
    notify({ kind: 'success', text: this.t('tools.saved', { name: event.detail.name }) });
    void this.#known.run();
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('tools.title')}>
          <p>${this.t('tools.intro')}</p>
          <wa-button slot="actions"
            variant="brand"
            @click=${() => {
              this.open = 'new';
            }}
          >
            <il-icon slot="start" name="plus"></il-icon>${this.t('tools.add')}
          </wa-button>
          <wa-button slot="actions" appearance="outlined" href="/beheer/tools/verloop">${this.t('trace.page.title')}</wa-button>
        </il-page-head>
        <lti-pending-tools @lti-approved=${() => this.#known.run()}></lti-pending-tools>
        ${this.#known.render({
          pending: () => (this.#known.value ? this.#complete(this.#known.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#known.run()}></il-problem>`,
          complete: (known) => this.#complete(known),
        })}
        ${
          this.open === null
            ? nothing
            : html`<lti-tool-dialog
                .registration=${this.open === 'new' ? null : this.open}
                @lti-saved=${this.#saved}
                @il-close=${() => {
                  this.open = null;
                }}
              ></lti-tool-dialog>`
        }
      </div>
    `;
  }

  #complete({ platform, registrations, more }: Known) {
    return html`
      ${
        registrations.length === 0
          ? html`<il-empty icon="plug" heading=${this.t('tools.none')} text=${this.t('tools.noneText')}></il-empty>`
          : html`<ul class="list" aria-label=${this.t('tools.title')}>
              ${registrations.map((each) => this.#tool(each))}
            </ul>
            <il-truncated ?more=${more} shown=${registrations.length}></il-truncated>`
      }
      <section class="stack">
        <h2>${this.t('platform.title')}</h2>
        <p>${this.t('platform.text')}</p>
        <dl>
          ${this.#facts('platform', {
            issuer: platform.issuer,
            jwks: platform.jwks_uri,
            auth: platform.authorization_endpoint,
            token: platform.token_endpoint,
          })}
        </dl>
      </section>
    `;
  }

  #tool(tool: Registration) {
    const { name, key, active, source, release } = tool;
    const released = (['name', 'email'] as const).filter((what) => release[what]).map((what) => this.t(`tools.releases.${what}`));
    return html`<li class="tool">
      <div class="about">
        <h2>${name}</h2>
        <span class="state ${active ? 'on' : ''}">
          <il-icon name=${active ? 'circle-check' : 'circle-pause'}></il-icon>${this.t(active ? 'tools.on' : 'tools.off')}
        </span>
        ${source === null ? nothing : html`<p class="small muted">${this.t('tools.source', { source: pluginTitle(source) })}</p>`}
        <dl>
          ${this.#facts('tools.fields', {
            key,
            clientId: tool.clientId,
            deploymentId: tool.deploymentId,
            loginUrl: `${tool.loginUrl} (${tool.loginMethod})`,
            redirectUris: this.#some(tool.redirectUris),
            jwksUrl: tool.jwksUrl,
            release: released.length > 0 ? released.join(', ') : this.t('tools.releases.none'),
            scopes: tool.scopes.map((scope) => scopeLabel(this, scope)).join(', ') || '–',
            deepLinkingUrl: tool.deepLinkingUrl ?? '–',
            presentation: this.t(`privacy.values.presentation.${tool.presentation}`),
          })}
        </dl>
      </div>
      ${source === null || !active ? this.#buttons(tool) : nothing}
    </li>`;
  }

  /** The first addresses and the number of others: a tool may have one for each activity. */
  #some(addresses: readonly string[]): string {
    const rest = addresses.length - shownAddresses;
    return [...addresses.slice(0, shownAddresses), ...(rest > 0 ? [this.t('tools.more', { count: rest })] : [])].join(' ');
  }

  #facts(keys: string, facts: Record<string, string>) {
    return Object.entries(facts).map(([key, value]) => html`<dt>${this.t(`${keys}.${key}`)}</dt><dd>${value}</dd>`);
  }

  #buttons(tool: Registration) {
    const button = (label: string, act: () => void) => html`<wa-button size="s" appearance="outlined" @click=${act}>
      ${this.t(`tools.${label}`)}<span class="visually-hidden"> – ${tool.name}</span>
    </wa-button>`;
    return html`<div class="actions">
      ${button('change', () => {
        this.open = tool;
      })}
      ${button(tool.active ? 'switchOff' : 'switchOn', () => void this.#switch(tool))}
      ${tool.active ? nothing : button('remove', () => void this.#remove(tool))}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lti-tools-page': ToolsPage;
  }
}
