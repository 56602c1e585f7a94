import type { Answer } from '@ilearn/core';
import { formatDate, formatNumber, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { mailClient } from '../client.js';
import type { mailRoutes } from '../routes.js';
import { mailStyles } from './mail-styles.js';

type Received = Answer<typeof mailRoutes, 'GET', '/mail/received'>;
type Sent = Answer<typeof mailRoutes, 'GET', '/mail/sent'>;
type Health = Answer<typeof mailRoutes, 'GET', '/mail/health'>;
type Loaded = { health: Health; received: Received | null; sent: Sent | null };

const tabs = [
  ...['received-held', 'received-quarantined', 'sent-held', 'sent-waiting', 'sent-failed', 'sent-refused', 'sent-bounced'],
  ...['sent-dropped', 'sent-sent'],
] as const;
const again = ['held', 'failed', 'refused'] as const;

/** `/helpdesk/post`: received mails that wait for a helper, and outgoing mails without their recipients. */
@customElement('helpdesk-mail-page')
export class MailPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, mailStyles];

  @property({ attribute: false }) query = new URLSearchParams();
  /** The mail that is about to be thrown away. */
  @state() private doomed: string | null = null;

  #loaded = new Task(this, {
    task: async ([tab], { signal }): Promise<Loaded> => {
      const [direction, name] = tab.split('-') as ['received' | 'sent', never];
      const health = await mailClient.get('/mail/health', { signal });
      if (direction === 'sent') {
        return { health, received: null, sent: await mailClient.get('/mail/sent', { query: { state: name }, signal }) };
      }
      return { health, received: await mailClient.get('/mail/received', { query: { state: name }, signal }), sent: null };
    },
    args: () => [this.#tab] as const,
  });

  get #tab(): (typeof tabs)[number] {
    return tabs.find((tab) => tab === this.query.get('toon')) ?? 'received-held';
  }

  async #act(act: () => Promise<string>): Promise<void> {
    try {
      const text = await act();
      this.doomed = null;
      notify({ kind: 'success', text });
      await this.#loaded.run();
      this.renderRoot.querySelector('il-page-head')?.focus();
    } catch (problem) {
      notify({ kind: 'error', text: (problem as Error).message });
    }
  }

  #rule(id: string, to: 'ticket' | 'reply' | 'discard'): Promise<void> {
    return this.#act(async () => {
      await mailClient.post('/mail/received/:id/ruling', { params: { id }, body: { to } });
      return this.t(`mail.desk.done.${to}`);
    });
  }

  #again(name: (typeof again)[number]): Promise<void> {
    return this.#act(async () => {
      const { count } = await mailClient.post('/mail/sent/again', { body: { state: name } });
      return this.t('mail.desk.again', { count });
    });
  }

  override render() {
    return html`
      <div class="page">
        <il-page-head heading=${this.t('mail.desk.title')}>
          <p>${this.t('mail.desk.intro')}</p>
        </il-page-head>
        ${this.#loaded.render({
          pending: () => (this.#loaded.value ? this.#complete(this.#loaded.value) : html`<il-skeleton lines="6"></il-skeleton>`),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
          complete: (loaded) => this.#complete(loaded),
        })}
      </div>
    `;
  }

  #complete({ health, received, sent }: Loaded) {
    const tab = this.#tab;
    const sendable = again.find((name) => tab === `sent-${name}`);
    const [direction, name] = tab.split('-');
    const empty = (received ?? sent)?.mails.length === 0;
    return html`
      ${this.#health(health)}
      <nav aria-label=${this.t('mail.desk.show')}>
        <ul class="filters">
          ${tabs.map((each) => {
            const [way, which] = each.split('-');
            return html`<li>
              <a href="/helpdesk/post?toon=${each}" aria-current=${each === tab ? 'page' : nothing}>
                ${this.t(`mail.desk.${way}.${which}`)}
              </a>
            </li>`;
          })}
        </ul>
      </nav>
      <p>${this.t(`mail.desk.about.${direction}-${name}`)}</p>
      ${
        sendable !== undefined && health.sends && !empty
          ? html`<p>
              <wa-button variant="brand" @click=${() => this.#again(sendable)}>
                <il-icon slot="start" name="rotate-ccw"></il-icon>${this.t('mail.desk.sendAgain')}
              </wa-button>
            </p>`
          : nothing
      }
      ${empty ? html`<il-empty icon="mail" heading=${this.t('mail.desk.none')}></il-empty>` : nothing}
      ${received !== null && !empty ? this.#received(received) : nothing} ${sent !== null && !empty ? this.#sent(sent) : nothing}
      <il-truncated ?more=${(received ?? sent)?.more ?? false} shown=${(received ?? sent)?.mails.length ?? 0}></il-truncated>
    `;
  }

  #health({ configured, sends, silent, checkedAt }: Health) {
    const hint = (text: string) => html`<wa-callout variant="warning">
      <il-icon slot="icon" name="triangle-alert"></il-icon>
      <p>${text} <a href="/beheer/instellingen">${this.t('mail.desk.toSettings')}</a></p>
    </wa-callout>`;
    const at = formatDate(checkedAt, 'time');
    return html`
      ${configured ? nothing : hint(this.t('mail.desk.noMailbox'))} ${sends ? nothing : hint(this.t('mail.desk.noServer'))}
      ${silent ? hint(`${this.t('mail.desk.silent', { at })} ${this.t('mail.desk.silentHint')}`) : nothing}
      ${configured && !silent && at !== '' ? html`<p class="muted small">${this.t('mail.desk.checked', { at })}</p>` : nothing}
    `;
  }

  #received({ mails }: Received) {
    return html`<ul class="mails">
      ${mails.map(
        (mail) => html`<li>
          <h2>${mail.subject || this.t('mail.letters.noSubject')}</h2>
          <p class="muted">
            ${mail.name ? `${mail.name} · ` : ''}${mail.sender || this.t('mail.desk.noSender')} · ${formatDate(mail.at, 'time')}
          </p>
          <p>
            ${this.t(`mail.desk.reasons.${mail.reason}`)}
            ${mail.ticket === null ? nothing : this.t('mail.desk.belongs', mail.ticket)}
          </p>
          ${
            mail.text === ''
              ? nothing
              : html`<details>
                  <summary>${this.t('mail.desk.read')}</summary>
                  <p class="text">${mail.text}</p>
                </details>`
          }
          ${this.#choices(mail)}
        </li>`,
      )}
    </ul>`;
  }

  #choices({ id, readable, ticket }: Received['mails'][number]) {
    if (this.doomed === id) {
      return html`<div class="choices" role="group" aria-label=${this.t('mail.desk.discard')}>
        <span>${this.t('mail.desk.discardConfirm')}</span>
        <wa-button variant="danger" @click=${() => this.#rule(id, 'discard')}>${this.t('mail.desk.discard')}</wa-button>
        <wa-button @click=${() => (this.doomed = null)}>${this.t('mail.desk.cancel')}</wa-button>
      </div>`;
    }
    return html`<div class="choices">
      ${
        readable && ticket !== null
          ? html`<wa-button @click=${() => this.#rule(id, 'reply')}>${this.t('mail.desk.reply')}</wa-button>`
          : nothing
      }
      ${
        readable
          ? html`<wa-button @click=${() => this.#rule(id, 'ticket')}>${this.t('mail.desk.open')}</wa-button>
              <a href="/api/helpdesk/mails/${id}/original" download>${this.t('mail.desk.original')}</a>`
          : nothing
      }
      <wa-button appearance="plain" @click=${() => (this.doomed = id)}>${this.t('mail.desk.discard')}</wa-button>
    </div>`;
  }

  #sent({ mails }: Sent) {
    const label = (key: string) => this.t(`mail.desk.${key}`);
    return html`<table class="stacked">
      <caption class="visually-hidden">
        ${this.t(`mail.desk.about.${this.#tab}`)}
      </caption>
      <thead>
        <tr>
          <th scope="col">${label('when')}</th>
          <th scope="col">${label('what')}</th>
          <th scope="col" class="number">${label('ticket')}</th>
          <th scope="col" class="number">${label('tries')}</th>
          <th scope="col">${label('answer')}</th>
        </tr>
      </thead>
      <tbody>
        ${mails.map(
          ({ at, kind, number, tries, answer }) => html`<tr>
            <td data-label=${label('when')}>${formatDate(at, 'time')}</td>
            <td data-label=${label('what')}>${this.t(`mail.desk.kinds.${kind}`)}</td>
            <td class="number" data-label=${label('ticket')}>${number ?? '–'}</td>
            <td class="number" data-label=${label('tries')}>${formatNumber(tries)}</td>
            <td data-label=${label('answer')}>${answer ?? '–'}</td>
          </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-mail-page': MailPage;
  }
}
