import { ApiProblem, formatDate, formatMinutes, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { academy } from '../../client.js';

/** `/attest/:code`: what a certificate says, and whether it holds; for anyone who has the number. */
@customElement('academy-verify-page')
export class VerifyPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    css`
      .verdict {
        display: flex;
        gap: var(--il-space-3);
        align-items: center;
        padding: var(--il-space-4) var(--il-space-5);
        font-weight: 680;
        border-radius: var(--il-radius);
      }
      .good {
        color: var(--il-good);
        background: var(--il-good-fill);
      }
      .bad {
        color: var(--il-bad);
        background: var(--il-bad-fill);
      }
      dl {
        display: grid;
        gap: var(--il-space-3);
      }
      dt {
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
      }
      dd {
        overflow-wrap: anywhere;
        white-space: pre-line;
      }
    `,
  ];

  @property({ attribute: false }) params: Record<string, string> = {};

  readonly #loaded = new Task(this, {
    task: ([code], { signal }) => academy.get('/verify/:code', { params: { code }, signal }),
    args: () => [this.params['code'] ?? ''] as const,
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('verify.title')}></il-page-head>
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
        complete: (found) => html`
          ${this.#verdict(found)}
          <dl>
            ${this.#claim('holder', found.erased ? this.t('verify.erased') : found.holderName)} ${this.#claim('training', found.title)}
            ${this.#claim('provider', found.providerName)} ${this.#claim('issuer', found.issuer)}
            ${this.#claim('heldOn', formatDate(found.heldOn, 'long'))} ${this.#claim('minutes', formatMinutes(found.minutes))}
            ${this.#claim('goals', found.goals)} ${this.#claim('issuedAt', formatDate(found.issuedAt, 'long'))}
            ${this.#claim('expiresAt', formatDate(found.expiresAt, 'long'))} ${this.#claim('code', found.code)}
          </dl>
          ${
            found.erased
              ? nothing
              : html`<p><a href="/api/academy/verify/${found.code}/credential" download="attest-${found.code}.jwt">${this.t('verify.credential')}</a></p>
                  <p><a href="/api/academy/verify/${found.code}/document" download="attest-${found.code}.json">${this.t('verify.document')}</a></p>`
          }
        `,
        error: (problem) =>
          problem instanceof ApiProblem && [400, 404].includes(problem.status)
            ? html`<p class="verdict bad" role="status"><il-icon name="circle-x"></il-icon>${this.t('verify.unknown')}</p>`
            : html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  #verdict({
    revokedAt,
    revokedReason,
    replacedBy,
  }: {
    revokedAt: string | null;
    revokedReason: string;
    replacedBy: string | null;
  }) {
    if (revokedAt === null) {
      return html`<p class="verdict good" role="status"><il-icon name="circle-check"></il-icon>${this.t('verify.valid')}</p>`;
    }
    return html`<p class="verdict bad" role="status"><il-icon name="circle-x"></il-icon>${this.t('verify.revoked', { day: formatDate(revokedAt, 'long') })}</p>
      <p>${this.t('mine.reason', { reason: revokedReason })}</p>
      ${replacedBy === null ? nothing : html`<p><a href="/attest/${replacedBy}">${this.t('verify.replaced')}</a></p>`}`;
  }

  #claim(name: string, value: string) {
    return value === '' ? nothing : html`<div><dt>${this.t(`verify.${name}`)}</dt><dd>${value}</dd></div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-verify-page': VerifyPage;
  }
}
