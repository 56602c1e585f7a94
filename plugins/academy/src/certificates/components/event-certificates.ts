import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { tabStyles } from '../../shared/tabs.js';
import type { certificateRoutes } from '../routes.js';

type Certificate = Answer<typeof certificateRoutes, 'GET', '/desk/events/:id/certificates'>['certificates'][number];

/** Certificates of an event at the provider's desk: issue, revoke, replace. */
@customElement('academy-event-certificates')
export class EventCertificates extends PortalElement {
  static override ns = 'academy';
  static override styles = [sharedStyles, tabStyles];

  @property() event = '';
  @state() private asking: { certificate: Certificate; what: 'revoke' | 'replace' } | undefined;
  @state() private reason = '';

  readonly #loaded = new Task(this, {
    task: ([id], { signal }) => academy.get('/desk/events/:id/certificates', { params: { id }, signal }),
    args: () => [this.event] as const,
  });

  override render() {
    return html`<div class="stack">
      ${
        this.can('academy:plan')
          ? html`<div class="actions"><wa-button variant="brand" @click=${() => this.#issue()}>${this.t('certificates.issue')}</wa-button></div>`
          : nothing
      }
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
        complete: ({ certificates }) => this.#list(certificates),
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
      ${this.#question()}
    </div>`;
  }

  #list(certificates: Certificate[]) {
    if (certificates.length === 0) {
      return html`<il-empty icon="award" heading=${this.t('certificates.none')} text=${this.t('certificates.noneText')}></il-empty>`;
    }
    return html`<ul class="list">
      ${certificates.map((certificate) => {
        const { holderName, code, issuedAt, revokedAt, revokedReason } = certificate;
        return html`<li class="row">
          <span class="grow">
            <span class="strong">${holderName || this.t('verify.erased')}</span><br />
            <span class="small muted"><a href="/attest/${code}">${code}</a> · ${formatDate(issuedAt, 'short')}${revokedReason === '' ? '' : ` · ${revokedReason}`}</span>
          </span>
          ${
            revokedAt !== null
              ? html`<span class="state bad"><il-icon name="x"></il-icon>${this.t('verify.revoked', { day: formatDate(revokedAt, 'short') })}</span>`
              : this.can('academy:plan')
                ? html`<span class="actions">
                    <wa-button size="s" appearance="outlined" @click=${() => this.#ask({ certificate, what: 'replace' })}>${this.t('certificates.replace')}<span class="visually-hidden"> – ${holderName}</span></wa-button>
                    <wa-button size="s" appearance="outlined" @click=${() => this.#ask({ certificate, what: 'revoke' })}>${this.t('certificates.revoke')}<span class="visually-hidden"> – ${holderName}</span></wa-button>
                  </span>`
                : nothing
          }
        </li>`;
      })}
    </ul>`;
  }

  #question() {
    const asking = this.asking;
    const words = asking === undefined ? '' : this.t(`certificates.${asking.what}`);
    return html`<il-dialog heading=${words} .open=${asking !== undefined} @il-close=${() => this.#ask(undefined)}>
      <div class="stack">
        <p>${asking === undefined ? '' : this.t(`certificates.${asking.what}Text`)}</p>
        <wa-textarea
          label=${this.t('team.reason')}
          maxlength="500"
          .value=${this.reason}
          @input=${(event: Event) => this.#because((event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
      </div>
      <wa-button slot="footer" variant="brand" ?disabled=${this.reason.trim() === ''} @click=${() => this.#answer()}>${words}</wa-button>
    </il-dialog>`;
  }

  #ask(asking: EventCertificates['asking']): void {
    this.reason = '';
    this.asking = asking;
  }

  #because(reason: string): void {
    this.reason = reason;
  }

  async #answer(): Promise<void> {
    const asking = this.asking;
    if (asking === undefined) return;
    const { id } = asking.certificate;
    const body = { reason: this.reason.trim() };
    this.asking = undefined;
    await this.#change(() =>
      asking.what === 'revoke'
        ? academy.post('/desk/certificates/:id/revocation', { params: { id }, body })
        : academy.post('/desk/certificates/:id/replacement', { params: { id }, body }),
    );
  }

  #issue() {
    return this.#change(async () => {
      for (let issued = 0; ; ) {
        const answer = await academy.post('/desk/events/:id/certificates', { params: { id: this.event } });
        issued += answer.issued;
        if (!answer.more) return { issued };
      }
    });
  }

  async #change(call: () => Promise<unknown>): Promise<void> {
    try {
      const answer = await call();
      const issued = (answer as { issued?: number } | undefined)?.issued;
      notify({
        kind: 'success',
        text: issued === undefined ? this.t('edit.saved') : this.t('certificates.issued', { count: issued }),
      });
    } catch (problem) {
      notify({ kind: 'error', text: (problem as ApiProblem).message });
    }
    await this.#loaded.run();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-event-certificates': EventCertificates;
  }
}
