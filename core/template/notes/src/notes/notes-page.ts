import { formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { client } from '../client.js';

/** `/sample`: the notes of your school, and a form for those who may write. */
@customElement('sample-notes-page')
export class NotesPage extends PortalElement {
  static override ns = 'sample';

  static override styles = [
    sharedStyles,
    css`
      li {
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
    `,
  ];

  @state() private text = '';
  @state() private problem: unknown;

  readonly #notes = new Task(this, {
    task: (_, { signal }) => client.get('/notes', { signal }),
    args: () => [],
  });

  async #add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const school = this.session?.roles.find((role) => role.tenant !== null)?.tenant;
    if (!school || this.text.trim() === '') return;
    try {
      await client.post('/notes', { body: { school, text: this.text } });
      this.text = '';
      this.problem = undefined;
      notify({ kind: 'success', text: this.t('notes.added') });
      await this.#notes.run();
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    return html`
      <div class="page narrow">
        <h1 tabindex="-1">${this.t('notes.title')}</h1>
        ${this.can('note:write') ? this.#form() : nothing}
        ${this.#notes.render({
          pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#notes.run()}></il-problem>`,
          complete: (notes) =>
            notes.length === 0
              ? html`<il-empty icon="inbox" heading=${this.t('notes.empty.heading')} text=${this.t('notes.empty.text')}></il-empty>`
              : html`<ul>
                  ${notes.map((note) => html`<li>${note.text}<br /><span class="muted">${formatDate(note.createdAt)}</span></li>`)}
                </ul>`,
        })}
      </div>
    `;
  }

  #form() {
    return html`
      <form class="stack" @submit=${this.#add}>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : nothing}
        <wa-textarea
          label=${this.t('notes.text')}
          maxlength="2000"
          required
          .value=${this.text}
          @input=${(event: Event) => {
            this.text = (event.target as HTMLTextAreaElement).value;
          }}
        ></wa-textarea>
        <wa-button type="submit" variant="brand">${this.t('notes.add')}</wa-button>
      </form>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sample-notes-page': NotesPage;
  }
}
