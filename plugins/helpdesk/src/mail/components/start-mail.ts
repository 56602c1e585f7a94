import type { Answer } from '@ilearn/core';
import { StartPart } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { mailClient } from '../client.js';
import type { mailRoutes } from '../routes.js';

type Health = Answer<typeof mailRoutes, 'GET', '/mail/health'>;

/** Part of the start page of administrators and helpers: a mailbox that cannot be read, and mails that wait. */
@customElement('helpdesk-start-mail')
export class StartMail extends StartPart<Health> {
  static override ns = 'helpdesk';

  protected override icon = 'mail';

  protected override load(signal: AbortSignal) {
    return mailClient.get('/mail/health', { signal });
  }

  protected override heading(): string {
    return this.t('mail.start.title');
  }

  protected override content({ silent, waiting }: Health) {
    if (!silent && waiting === 0) return nothing;
    return html`
      ${silent ? html`<p><il-icon name="triangle-alert"></il-icon> ${this.t('mail.start.silent')}</p>` : nothing}
      ${waiting > 0 ? html`<p>${this.t('mail.start.waiting', { count: waiting })}</p>` : nothing}
      <p><a href="/helpdesk/post">${this.t('mail.start.look')}</a></p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-start-mail': StartMail;
  }
}
