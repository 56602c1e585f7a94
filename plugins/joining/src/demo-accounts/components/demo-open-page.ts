import { type ApiProblem, formatDate, kernel, refreshSession, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { formStyles } from '../../styles.js';
import { TokenPage } from '../../token-page.js';

/** `/proefaccount/openen#<token>`: chooses a password, and starts. */
@customElement('joining-demo-open-page')
export class DemoOpenPage extends TokenPage {
  static override styles = [sharedStyles, formStyles];

  @state() private fault: string | undefined;
  @state() private busy = false;
  @state() private made: { username: string; endsAt: string } | undefined;

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('demo.openTitle')}></il-page-head>
      ${this.made !== undefined ? this.#done(this.made) : this.session === null ? this.#form() : this.#signedIn()}
    </div>`;
  }

  /** Their roles would limit what the new account may have. */
  #signedIn() {
    return html`<div class="stack">
      <p>${this.t('demo.signedIn', { name: this.session?.displayName ?? '' })}</p>
      <div class="actions"><wa-button variant="brand" @click=${this.#signOut}>${this.t('demo.signOut')}</wa-button></div>
    </div>`;
  }

  async #signOut(): Promise<void> {
    await kernel.delete('/session');
    await refreshSession();
  }

  #form() {
    return html`<form @submit=${this.#submit}>
      <p>${this.t('demo.openLead')}</p>
      <wa-input
        name="password"
        type="password"
        password-toggle
        label=${this.t('demo.password')}
        hint=${this.t('demo.passwordHint')}
        autocomplete="new-password"
        maxlength="256"
        required
      ></wa-input>
      ${this.fault === undefined ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      <div class="actions"><wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('demo.open')}</wa-button></div>
    </form>`;
  }

  #done({ username, endsAt }: { username: string; endsAt: string }) {
    return html`<div class="stack">
      <p role="status">${this.t('demo.made')}</p>
      <p>${this.t('demo.username')} <span class="code strong">${username}</span></p>
      <p>${this.t('demo.until', { date: formatDate(endsAt, 'day') })}</p>
      <div class="actions"><wa-button variant="brand" href="/">${this.t('demo.start')}</wa-button></div>
    </div>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const password = String(new FormData(event.target as HTMLFormElement).get('password') ?? '');
    this.busy = true;
    this.fault = undefined;
    try {
      this.made = await joining.post('/demo-account/open', { body: { token: this.token || '-', password } });
      await refreshSession();
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-demo-open-page': DemoOpenPage;
  }
}
