import type { Answer } from '@ilearn/core';
import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { notifications } from '../client.js';
import type { preferencesRoutes } from './routes.js';

type Preferences = Answer<typeof preferencesRoutes, 'GET', '/preferences'>;
type Channel = Preferences['kinds'][number]['channel'];

const channels: readonly Channel[] = ['off', 'portal', 'now', 'daily', 'weekly'];
const withoutMail: readonly Channel[] = ['off', 'portal'];
const usual = { from: '19:00', to: '07:00' };

/** `/meldingen/voorkeuren`: how the person wants to get each kind of notification, quiet hours, and the language of e-mails. */
@customElement('notifications-preferences-page')
export class PreferencesPage extends PortalElement {
  static override ns = 'notifications';

  static override styles = [
    sharedStyles,
    css`
      wa-select,
      wa-input {
        max-width: 22rem;
      }
      .times {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-4);
      }
      .times wa-input {
        width: 9rem;
      }
      section {
        margin-block-end: var(--il-space-6);
      }
    `,
  ];

  /** What the form shows; undefined until it was loaded. */
  @state() private form: Preferences | undefined;
  @state() private busy = false;

  #loaded = new Task(this, {
    task: (_, { signal }) => notifications.get('/preferences', { signal }),
    args: () => [],
    onComplete: (preferences) => {
      this.form = preferences;
    },
  });

  #set(change: Partial<Preferences>): void {
    if (this.form !== undefined) this.form = { ...this.form, ...change };
  }

  #choose(kind: string, channel: Channel): void {
    this.#set({ kinds: (this.form?.kinds ?? []).map((each) => (each.kind === kind ? { ...each, channel } : each)) });
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy || this.form === undefined) return;
    this.busy = true;
    const { mails, language, quiet, kinds } = this.form;
    const channels = Object.fromEntries(this.#own(kinds).map(({ kind, channel }) => [kind, channel]));
    try {
      await notifications.put('/preferences', { body: { mails, language, quiet, channels } });
      notify({ kind: 'success', text: this.t('preferences.saved') });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    } finally {
      this.busy = false;
    }
  }

  async #again(): Promise<void> {
    try {
      await notifications.post('/preferences/address');
      await this.#loaded.run();
      notify({ kind: 'success', text: this.t('preferences.againDone') });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #own(kinds: Preferences['kinds']): Preferences['kinds'] {
    return kinds.filter(({ audience }) => this.can(audience));
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head
          heading=${this.t('preferences.title')}
          .back=${{ href: '/meldingen', text: this.t('inbox.title') }}
        ></il-page-head>
        ${this.#loaded.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
          complete: () => (this.form === undefined ? nothing : this.#form(this.form)),
        })}
      </div>
    `;
  }

  #form(form: Preferences) {
    const kinds = this.#own(form.kinds);
    const hasMail = form.address !== 'none';
    return html`
      <form @submit=${this.#save}>
        ${form.address === 'refused' ? this.#refused() : nothing}
        <section class="stack" aria-labelledby="kinds">
          <h2 id="kinds">${this.t('preferences.kinds')}</h2>
          ${kinds.length === 0 ? html`<p class="muted">${this.t('preferences.noKinds')}</p>` : nothing}
          ${hasMail ? nothing : html`<p class="muted">${this.t('preferences.noAddress')}</p>`}
          ${kinds.map(
            ({ kind, label, channel }) => html`<wa-select
              .label=${this.t(label)}
              .value=${hasMail || withoutMail.includes(channel) ? channel : 'portal'}
              @change=${(event: Event) => this.#choose(kind, (event.target as HTMLInputElement).value as Channel)}
            >
              ${(hasMail ? channels : withoutMail).map(
                (each) => html`<wa-option value=${each}>${this.t(`preferences.channels.${each}`)}</wa-option>`,
              )}
            </wa-select>`,
          )}
        </section>
        ${hasMail ? this.#mail(form) : nothing}
        <div class="actions">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('preferences.save')}</wa-button>
        </div>
      </form>
    `;
  }

  #refused() {
    return html`<wa-callout variant="warning">
      <il-icon slot="icon" name="triangle-alert"></il-icon>
      <p>${this.t('preferences.refused')}</p>
      <wa-button appearance="outlined" @click=${() => this.#again()}>${this.t('preferences.again')}</wa-button>
    </wa-callout>`;
  }

  #mail({ mails, language, quiet }: Preferences) {
    const time = (which: 'from' | 'to', times: { from: string; to: string }) => html`<wa-input
      type="time"
      required
      .label=${this.t(`preferences.${which}`)}
      .value=${times[which]}
      @change=${(event: Event) => this.#set({ quiet: { ...times, [which]: (event.target as HTMLInputElement).value } })}
    ></wa-input>`;
    return html`<section class="stack" aria-labelledby="mail">
      <h2 id="mail">${this.t('preferences.mail')}</h2>
      <wa-switch ?checked=${mails} @change=${(event: Event) => this.#set({ mails: (event.target as HTMLInputElement).checked })}>
        ${this.t('preferences.mails')}
      </wa-switch>
      <wa-select
        .label=${this.t('preferences.language')}
        .value=${language}
        @change=${(event: Event) => this.#set({ language: (event.target as HTMLInputElement).value as Preferences['language'] })}
      >
        <wa-option value="nl" lang="nl">Nederlands</wa-option>
        <wa-option value="en" lang="en">English</wa-option>
        <wa-option value="fr" lang="fr">Français</wa-option>
      </wa-select>
      <wa-switch
        ?checked=${quiet !== null}
        @change=${(event: Event) => this.#set({ quiet: (event.target as HTMLInputElement).checked ? usual : null })}
      >
        ${this.t('preferences.quiet')}
      </wa-switch>
      ${quiet === null ? nothing : html`<div class="times">${time('from', quiet)} ${time('to', quiet)}</div>`}
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notifications-preferences-page': PreferencesPage;
  }
}
