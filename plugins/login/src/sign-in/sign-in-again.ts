import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';
import { login } from '../client.js';
import { type Audience, audiences } from './audience.js';
import './own-account-form.js';
import { audienceOf } from './remembered-audience.js';

/**
 * Signs in the person whose session ended while they were working, over their page. Other ways to sign in leave the page, so they open in
 * a new tab; the shell notices when the person comes back.
 *
 * @fires il-signed-in
 */
@customElement('login-sign-in-again')
export class SignInAgain extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    css`
      ul {
        padding-inline-start: 1.2em;
      }
    `,
  ];

  readonly #audience: Audience = audienceOf(new URLSearchParams()) ?? 'staff';

  #options = new Task(this, {
    task: (_, { signal }) => login.get('/options', { signal }),
    args: () => [],
  });

  override render() {
    const offered = this.#options.value?.audiences ?? [];
    const providers = offered
      .filter(({ key }) => audiences.includes(key) && key === this.#audience)
      .flatMap((each) => each.providers);
    return html`
      <div class="stack">
        <login-own-account-form audience=${this.#audience} @login-done=${() => this.emit('il-signed-in')}></login-own-account-form>
        ${
          providers.length === 0
            ? ''
            : html`<ul>
                ${providers.map(
                  ({ label, startPath }) => html`<li>
                    <a href="${startPath}?terug=/" target="_blank">${this.t('signIn.withInTab', { provider: label })}</a>
                  </li>`,
                )}
              </ul>`
        }
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-sign-in-again': SignInAgain;
  }
}
