import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { signIn } from '../client.js';
import { safeReturnPath } from '../flows/return-path.js';

/** `/aanmelden/school`: in which of their schools somebody works now. */
@customElement('sign-in-oidc-choose-page')
export class ChoosePage extends PortalElement {
  static override ns = 'sign-in-oidc';
  static override styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        gap: var(--il-space-3);
        padding: 0;
        list-style: none;
      }
      wa-button {
        width: 100%;
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();

  @state() private problem: unknown;

  readonly #schools = new Task(this, {
    task: (_, { signal }) => signIn.get('/own-schools', { signal }),
    args: () => [],
  });

  async #choose(school: string): Promise<void> {
    this.problem = undefined;
    try {
      await signIn.put('/own-schools/current', { body: { school } });
      // A new document, so that nothing of the other school stays in memory.
      location.assign(safeReturnPath(this.query.get('terug')));
    } catch (problem) {
      this.problem = problem;
    }
  }

  override render() {
    return html`
      <div class="page narrow">
        <il-page-head heading=${this.t('choose.title')}></il-page-head>
        ${this.problem ? html`<il-problem .problem=${this.problem}></il-problem>` : ''}
        ${this.#schools.render({
          pending: () => html`<il-skeleton lines="4"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#schools.run()}></il-problem>`,
          complete: ({ schools, current }) =>
            schools.length < 2
              ? html`<p>${this.t('choose.one')}</p><wa-button href="/">${this.t('choose.go')}</wa-button>`
              : html`
                <p>${this.t('choose.text')}</p>
                <ul>
                  ${schools.map(
                    ({ id, name }) => html`<li>
                      <wa-button size="large" @click=${() => this.#choose(id)}>
                        ${name}${id === current ? html` <span class="muted">(${this.t('choose.current')})</span>` : ''}
                      </wa-button>
                    </li>`,
                  )}
                </ul>
              `,
        })}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'sign-in-oidc-choose-page': ChoosePage;
  }
}
