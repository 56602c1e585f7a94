import { ApiProblem, announce, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { privacy } from '../client.js';
import type { Asked } from './describe.js';

type Answer = 'given' | 'refused';

/** What a person was asked to consent to, each with a button for yes and one for no; nothing is chosen beforehand. */
@customElement('privacy-consents')
export class ConsentList extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      ul {
        display: grid;
        gap: var(--il-space-5);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        gap: var(--il-space-2);
        padding-bottom: var(--il-space-4);
        border-bottom: 1px solid var(--il-rule);
      }
      .text {
        white-space: pre-line;
      }
      .link {
        overflow-wrap: anywhere;
      }
    `,
  ];

  /** Id of the person; empty for the signed-in person. */
  @property() person = '';

  /** Id of the question that is being saved. */
  @state() private busy: string | null = null;
  /** The link that was made last, and its question. */
  @state() private link: { question: string; url: string; expiresAt: string } | null = null;

  #asked = new Task(this, {
    task: ([id], { signal }) =>
      id === '' ? privacy.get('/own/consents', { signal }) : privacy.get('/people/:id/consents', { params: { id }, signal }),
    args: () => [this.person] as const,
  });

  async #save(question: string, act: () => Promise<string>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = question;
    try {
      announce(await act());
    } catch (problem) {
      const parent = problem instanceof ApiProblem && problem.type.endsWith('/privacy/parent-answers');
      notify({ kind: 'error', text: parent ? this.t('consents.parent') : (problem as Error).message });
    } finally {
      this.busy = null;
    }
  }

  #answer({ id: question, name }: Asked, answer: Answer): Promise<void> {
    return this.#save(question, async () => {
      const body = { answer };
      await (this.person === ''
        ? privacy.put('/own/consents/:question', { params: { question }, body })
        : privacy.put('/people/:id/consents/:question', { params: { id: this.person, question }, body }));
      await this.#asked.run();
      return this.t(`consents.saved.${answer}`, { name });
    });
  }

  #makeLink({ id: question }: Asked): Promise<void> {
    return this.#save(question, async () => {
      const made = await privacy.post('/people/:id/consents/:question/link', { params: { id: this.person, question } });
      this.link = { question, ...made };
      return this.t('consents.linkMade');
    });
  }

  override render() {
    return html`
      <section class="stack" aria-labelledby="consents">
        <h2 id="consents">${this.t('consents.title')}</h2>
        <p>${this.t(this.person === '' ? 'consents.own' : 'consents.of')}</p>
        ${this.#asked.render({
          pending: () =>
            this.#asked.value === undefined ? html`<il-skeleton lines="3"></il-skeleton>` : this.#list(this.#asked.value),
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#asked.run()}></il-problem>`,
          complete: (asked) => this.#list(asked),
        })}
      </section>
    `;
  }

  #list({ questions, mayDecide }: { questions: readonly Asked[]; mayDecide: boolean }) {
    if (questions.length === 0) return html`<p class="muted">${this.t('consents.none')}</p>`;
    return html`
      ${mayDecide ? nothing : html`<p>${this.t(this.person === '' ? 'consents.parent' : 'consents.ofParent')}</p>`}
      <ul>
        ${questions.map(
          (each) => html`<li>
            <h3>${each.name}</h3>
            <p class="text">${each.text}</p>
            <il-slot
              name="privacy.consent"
              .context=${{ purpose: each.purpose, about: each.about, person: this.person, token: '' }}
            ></il-slot>
            <p class=${each.answer === null ? 'muted' : 'strong'}>${this.#state(each)}</p>
            <div class="actions">
              ${each.answer === 'given' || !(mayDecide || this.person !== '') ? nothing : this.#button(each, 'given')}
              ${each.answer === 'refused' ? nothing : this.#button(each, 'refused')}
              ${
                this.person === ''
                  ? nothing
                  : html`<wa-button appearance="plain" ?loading=${this.busy === each.id} @click=${() => this.#makeLink(each)}>
                      ${this.t('consents.makeLink')}
                    </wa-button>`
              }
            </div>
            ${
              this.link?.question === each.id
                ? html`<p>${this.t('consents.link', { date: formatDate(this.link.expiresAt, 'long') })}</p>
                    <p class="link"><code>${this.link.url}</code></p>`
                : nothing
            }
          </li>`,
        )}
      </ul>
    `;
  }

  /** Yes and no look the same, so that neither is suggested. */
  #button(each: Asked, answer: Answer) {
    const key = answer === 'refused' && each.answer === 'given' ? 'withdraw' : answer;
    return html`<wa-button appearance="outlined" ?loading=${this.busy === each.id} @click=${() => this.#answer(each, answer)}>
      ${this.t(`consents.buttons.${key}`)}<span class="visually-hidden">: ${each.name}</span>
    </wa-button>`;
  }

  #state({ answer, answeredAt }: Asked): string {
    if (answer === null) return this.t('consents.states.open');
    return this.t(`consents.states.${answer}`, { date: formatDate(answeredAt, 'long') });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-consents': ConsentList;
  }
}
