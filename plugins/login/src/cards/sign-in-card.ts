import { PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { SignInDetails } from '../accounts/passwords.js';

/** What a person needs to sign in, on a card of 85 × 54 mm. The QR code opens the sign-in page with the username filled in. */
@customElement('login-card')
export class SignInCard extends PortalElement {
  static override ns = 'login';
  static override styles = [
    sharedStyles,
    css`
      :host {
        break-inside: avoid;
      }
      .card {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 3mm 4mm;
        align-content: space-between;
        min-height: 54mm;
        padding: 5mm;
        color: #000;
        background: #fff;
        border: 1px dashed #666;
        border-radius: 3mm;
      }
      .name {
        font-size: 1.25rem;
        font-weight: 720;
        line-height: 1.15;
        overflow-wrap: anywhere;
      }
      .class {
        color: #333;
      }
      dl {
        display: grid;
        gap: 1mm;
        grid-column: 1 / -1;
      }
      dt {
        color: #333;
        font-size: 0.8125rem;
      }
      dd {
        font-size: 1.125rem;
        font-weight: 650;
        overflow-wrap: anywhere;
        user-select: all;
      }
      svg {
        width: 25mm;
        height: 25mm;
        fill: #000;
      }
      .where {
        color: #333;
        font-size: 0.8125rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) details!: SignInDetails;

  /** Shown below the name: the class. */
  @property() group = '';

  override render() {
    const { givenName, familyName, username, password, code } = this.details;
    return html`
      <div class="card">
        <div>
          <p class="name">${givenName} ${familyName}</p>
          ${this.group === '' ? nothing : html`<p class="class">${this.group}</p>`}
          <p class="where">${this.t('cards.where', { host: location.host })}</p>
        </div>
        <svg viewBox="0 0 ${code.size} ${code.size}" shape-rendering="crispEdges" aria-hidden="true"><path d=${code.path} /></svg>
        <dl>
          <div><dt>${this.t('cards.username')}</dt><dd>${username}</dd></div>
          <div><dt>${this.t('cards.password')}</dt><dd>${password}</dd></div>
        </dl>
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-card': SignInCard;
  }
}
