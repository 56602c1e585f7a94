import type { Answer } from '@ilearn/core';
import { formatDate, formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { academyTabs, tabStyles } from '../../shared/tabs.js';
import type { certificateRoutes } from '../routes.js';

type Certificate = Answer<typeof certificateRoutes, 'GET', '/my-certificates'>['certificates'][number];

/** `/academie/attesten`: one's own certificates, to download and to show to others. */
@customElement('academy-certificates-page')
export class CertificatesPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles, tabStyles];

  readonly #loaded = new Task(this, {
    task: (_, { signal }) => academy.get('/my-certificates', { signal }),
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('certificates.title')}></il-page-head>
      ${academyTabs(this, '/academie/attesten')}
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        complete: ({ certificates }) => this.#list(certificates),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #list(certificates: Certificate[]) {
    if (certificates.length === 0) {
      return html`<il-empty icon="award" heading=${this.t('certificates.empty')} text=${this.t('certificates.emptyText')}></il-empty>`;
    }
    const valid = certificates.filter(({ revokedAt }) => revokedAt === null);
    const minutes = valid.reduce((sum, each) => sum + (each.minutes ?? 0), 0);
    return html`<p>${this.t('certificates.total', { count: valid.length, time: formatMinutes(minutes) || '0' })}</p>
      <ul class="list">
        ${certificates.map(
          (each) => html`<li class="row">
            <span class="grow">
              <span class="strong">${each.title}</span><br />
              <span class="small muted">${[each.providerName, formatDate(each.heldOn, 'short'), formatMinutes(each.minutes)].filter(Boolean).join(' · ')}</span>
            </span>
            ${
              each.revokedAt === null
                ? nothing
                : html`<span class="state bad"><il-icon name="x"></il-icon>${this.t('verify.revoked', { day: formatDate(each.revokedAt, 'short') })}</span>`
            }
            <span class="actions">
              <wa-button size="s" appearance="outlined" href="/api/academy/my-certificates/${each.id}/pdf" download
                >${this.t('certificates.pdf')}<span class="visually-hidden"> – ${each.title}</span></wa-button
              >
              <wa-button size="s" appearance="plain" href="/attest/${each.code}"
                >${this.t('certificates.show')}<span class="visually-hidden"> – ${each.title}</span></wa-button
              >
            </span>
          </li>`,
        )}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-certificates-page': CertificatesPage;
  }
}
