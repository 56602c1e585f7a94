import { type ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { ticketStyles } from './styles.js';

/** `/helpdesk/contact`: asks the helpdesk without signing in; the answer comes by e-mail. */
@customElement('helpdesk-contact-page')
export class ContactPage extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @state() private fault: string | undefined;
  @state() private number: number | undefined;

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('tickets.contact.title')}><p>${this.t('tickets.contact.lead')}</p></il-page-head>
      ${
        this.number === undefined
          ? html`<form @submit=${this.#submit}>
              <wa-input name="name" label=${this.t('tickets.contact.name')} autocomplete="name" maxlength="100" required></wa-input>
              <wa-input
                name="email"
                type="email"
                label=${this.t('tickets.contact.email')}
                hint=${this.t('tickets.contact.emailHint')}
                autocomplete="email"
                maxlength="200"
                required
              ></wa-input>
              <wa-input name="subject" label=${this.t('tickets.ask.subject')} maxlength="200" required></wa-input>
              <wa-textarea
                name="text"
                rows="6"
                label=${this.t('tickets.ask.text')}
                hint=${this.t('tickets.contact.textHint')}
                maxlength="20000"
                required
              ></wa-textarea>
              ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
              <div class="actions"><wa-button type="submit" variant="brand">${this.t('tickets.ask.send')}</wa-button></div>
            </form>`
          : html`<p class="strong" role="status">${this.t('tickets.contact.sent', { number: this.number })}</p>`
      }
    </div>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    try {
      const body = { name: field('name'), email: field('email'), subject: field('subject'), text: field('text') };
      this.number = (await helpdesk.post('/form', { body })).number;
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-contact-page': ContactPage;
  }
}
