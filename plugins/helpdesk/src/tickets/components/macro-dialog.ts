import { type ApiProblem, PortalElement, sharedStyles } from '@ilearn/ui';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { helpdesk } from '../../client.js';
import { labelsIn } from './desk-panel.js';
import { ticketStyles } from './styles.js';

type Action = '' | 'ask' | 'solve' | 'work' | 'close';

/** Makes a macro: a text and changes that a helper applies in one go. */
@customElement('helpdesk-macro-dialog')
export class MacroDialog extends PortalElement {
  static override ns = 'helpdesk';
  static override styles = [sharedStyles, ticketStyles];

  @property({ type: Boolean }) open = false;
  @state() private fault: string | undefined;

  override render() {
    return html`<il-dialog heading=${this.t('tickets.macros.new')} .open=${this.open}>
      <form @submit=${this.#submit}>
        <wa-input name="title" maxlength="100" required label=${this.t('tickets.macros.name')}></wa-input>
        <wa-textarea name="text" rows="4" maxlength="10000" label=${this.t('tickets.macros.text')}></wa-textarea>
        <wa-select name="action" label=${this.t('tickets.macros.action')} .value=${''}>
          <wa-option value="">${this.t('tickets.macros.nothing')}</wa-option>
          ${(['ask', 'solve', 'work', 'close'] as const).map((each) => html`<wa-option value=${each}>${this.t(`tickets.actions.${each}`)}</wa-option>`)}
        </wa-select>
        <wa-input name="labels" label=${this.t('tickets.desk.labels')} hint=${this.t('tickets.desk.labelsHint')}></wa-input>
        ${this.fault === undefined ? nothing : html`<p role="alert">${this.fault}</p>`}
        <div class="actions"><wa-button type="submit" variant="brand">${this.t('tickets.macros.save')}</wa-button></div>
      </form>
    </il-dialog>`;
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const field = (name: string) => String(data.get(name) ?? '').trim();
    try {
      await helpdesk.post('/macros', {
        body: {
          title: field('title'),
          text: field('text'),
          action: field('action') as Action,
          labels: labelsIn(field('labels')),
        },
      });
      form.reset();
      this.fault = undefined;
      this.emit('il-changed', {});
      this.emit('il-close', {});
    } catch (problem) {
      this.fault = (problem as ApiProblem).message;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'helpdesk-macro-dialog': MacroDialog;
  }
}
