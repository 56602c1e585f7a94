import { notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { sentenceFor } from '../client/problem-words.js';
import { myway } from '../client.js';

/** Below the class board: opens the tools of the path as a teacher, at their own view of this class. Renders nothing without tools. */
@customElement('myway-class-tools')
export class ClassTools extends PortalElement {
  static override ns = 'myway';
  static override styles = [sharedStyles];

  @property() assignmentId = '';

  @state() private opening: string | undefined;

  #tools = new Task(this, {
    task: async ([id], { signal }) => (id === '' ? undefined : myway.get('/assignments/:id/tools', { params: { id }, signal })),
    args: () => [this.assignmentId] as const,
  });

  async #open(stepId: string): Promise<void> {
    if (this.opening !== undefined) return;
    this.opening = stepId;
    try {
      const { url } = await myway.post('/assignments/:id/steps/:stepId/open', { params: { id: this.assignmentId, stepId } });
      location.assign(url);
    } catch (problem) {
      notify({ kind: 'error', text: sentenceFor(this, problem) });
    } finally {
      this.opening = undefined;
    }
  }

  override render() {
    return this.#tools.render({
      complete: (found) =>
        found === undefined || found.steps.length === 0
          ? nothing
          : html`<section class="stack screen-only">
              <h2>${this.t('classTools.title')}</h2>
              <p class="muted">${this.t('classTools.text')}</p>
              <ul class="list">
                ${found.steps.map(
                  ({ stepId, title, provider }) => html`<li class="row">
                    <span class="grow">${title}<br /><span class="muted small">${provider}</span></span>
                    <wa-button size="s" appearance="outlined" ?loading=${this.opening === stepId} @click=${() => this.#open(stepId)}>
                      ${this.t('classTools.open')}<span class="visually-hidden"> – ${title}</span>
                    </wa-button>
                  </li>`,
                )}
              </ul>
            </section>`,
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'myway-class-tools': ClassTools;
  }
}
