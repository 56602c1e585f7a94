import type { Answer } from '@ilearn/core';
import { formatNumber, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { mailClient } from '../client.js';
import { stretchesOf } from '../quotes.js';
import type { mailRoutes } from '../routes.js';
import { frameDocument, frameSandbox } from './mail-frame.js';

type Mail = Answer<typeof mailRoutes, 'GET', '/mails/:id'>;

/**
 * The text of a message: what it quotes is folded, never cut. If it came by mail, also the mail's layout and what is in the mail alone.
 *
 * `<helpdesk-mail-body .text=${text} .mail=${mailId}>`
 */
@customElement('helpdesk-mail-body')
export class MailBody extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [
    sharedStyles,
    css`
      .text {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      summary {
        display: inline-flex;
        align-items: center;
        min-height: var(--il-target);
        color: var(--il-ink-soft);
        cursor: pointer;
      }
      iframe {
        display: block;
        width: 100%;
        height: 24rem;
        overflow: auto;
        background: #fff;
        border: 1px solid var(--il-edge);
        border-radius: var(--il-radius);
        resize: vertical;
      }
    `,
  ];

  @property() text = '';
  /** Id of the mail; null for a message that was written in the portal. */
  @property({ attribute: false }) mail: string | null = null;
  @state() private showsLayout = false;

  #mail = new Task(this, {
    task: async ([id], { signal }): Promise<Mail | null> =>
      id === null ? null : mailClient.get('/mails/:id', { params: { id }, signal }),
    args: () => [this.mail] as const,
  });

  override render() {
    return html`
      ${stretchesOf(this.text).map(({ text, folded }) =>
        folded
          ? html`<details>
              <summary>${this.t('mail.body.quoted')}</summary>
              <p class="text muted">${text}</p>
            </details>`
          : html`<p class="text">${text}</p>`,
      )}
      ${this.#mail.render({ complete: (mail) => (mail === null ? nothing : this.#extras(mail)) })}
    `;
  }

  #extras({ html: layout, withheld, original }: Mail) {
    return html`
      ${
        layout === null || layout === ''
          ? nothing
          : html`<details @toggle=${(event: Event) => {
              this.showsLayout = (event.target as HTMLDetailsElement).open;
            }}>
              <summary>${this.t('mail.body.layout')}</summary>
              ${
                this.showsLayout
                  ? html`<iframe
                      title=${this.t('mail.body.frame')}
                      sandbox=${frameSandbox}
                      referrerpolicy="no-referrer"
                      .srcdoc=${frameDocument(layout, 'und')}
                    ></iframe>`
                  : nothing
              }
            </details>`
      }
      ${
        withheld.length === 0
          ? nothing
          : html`<p class="muted small">
              ${this.t('mail.body.withheld')}: ${withheld
                .map(({ name, bytes }) =>
                  this.t('mail.body.attachment', { name, kilobytes: formatNumber(Math.ceil(bytes / 1_024)) }),
                )
                .join(', ')}
            </p>`
      }
      ${
        original
          ? html`<p class="small">
              <a href="/api/helpdesk/mails/${this.mail}/original" download>${this.t('mail.body.original')}</a>
            </p>`
          : nothing
      }
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-mail-body': MailBody;
  }
}
