import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { privacy } from '../../client.js';

/** Task of a school: people say that its files have something wrong about them. */
@customElement('privacy-rectification-task')
export class RectificationTask extends PortalElement {
  static override ns = 'privacy';
  static override styles = [sharedStyles];

  @property({ attribute: false }) context!: { id: string };

  #open = new Task(this, {
    task: async ([id], { signal }) => (await privacy.get('/schools/:id/corrections', { params: { id }, signal })).open,
    args: () => [this.context.id] as const,
    onComplete: (open) => {
      if (open > 0) this.emit('directory-task');
    },
  });

  override render() {
    const open = this.#open.value ?? 0;
    if (open === 0) return nothing;
    return html`<a class="row" href="/beheer/privacy/verbeteringen">
      <span class="grow">${this.t('requests.rectify.task', { count: open })}</span>
    </a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-rectification-task': RectificationTask;
  }
}
