import { type ApiProblem, locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import { formStyles } from '../../styles.js';

/** `/proefaccount`: asks for a demo account. */
@customElement('joining-demo-page')
export class DemoPage extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles, formStyles];

  @state() private fault: string | undefined;
  @state() private busy = false;
  @state() private sentTo: string | undefined;

  readonly #offered = new Task(this, {
    task: async (_, { signal }) => joining.get('/demo-account', { signal }),
    args: () => [],
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('demo.title')}><p>${this.t('demo.lead')}</p></il-page-head>
      ${this.#offered.render({
        pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#offered.run()}></il-problem>`,
        complete: ({ offered, demonstration }) =>
          offered
            ? html`${demonstration ? html`<p class="fault">${this.t('problems.demonstration')}</p>` : nothing}${this.#form()}`
            : html`<il-empty icon="ticket" heading=${this.t('demo.off')} text=${this.t('demo.offText')}></il-empty>`,
      })}
    </div>`;
  }

  #form() {
    if (this.sentTo !== undefined) return html`<p role="status">${this.t('demo.sent', { email: this.sentTo })}</p>`;
    return html`<form @submit=${this.#submit}>
      <wa-input
        name="email"
        type="email"
        label=${this.t('request.email')}
        hint=${this.t('demo.emailHint')}
        autocomplete="email"
        maxlength="254"
        required
      ></wa-input>
      ${this.fault === undefined ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      <div class="actions"><wa-button type="submit" variant="brand" ?loading=${this.busy}>${this.t('demo.send')}</wa-button></div>
    </form>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const email = String(new FormData(event.target as HTMLFormElement).get('email') ?? '').trim();
    this.busy = true;
    this.fault = undefined;
    try {
      await joining.post('/demo-account', { body: { email, language: locale().slice(0, 2) as 'nl' | 'en' | 'fr' } });
      this.sentTo = email;
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-demo-page': DemoPage;
  }
}
