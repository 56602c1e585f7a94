import type { Answer, KernelRoutes } from '@ilearn/core';
import { ApiProblem, confirmDialog, formatDate, kernel, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html } from 'lit';
import { customElement } from 'lit/decorators.js';

type Session = Answer<KernelRoutes, 'GET', '/sessions'>['sessions'][number];

/** Lists the person's sessions, and lets them end these. */
@customElement('login-own-sessions')
export class OwnSessions extends PortalElement {
  static override ns = 'login';

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        margin-top: var(--il-space-6);
      }
      h2 {
        margin-bottom: var(--il-space-2);
      }
      ul {
        list-style: none;
        margin: var(--il-space-4) 0;
        padding: 0;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-2) var(--il-space-4);
        align-items: center;
        justify-content: space-between;
        padding-block: var(--il-space-3);
        border-bottom: 1px solid var(--il-rule);
      }
      li p {
        margin: 0;
      }
      .device {
        font-weight: 600;
      }
    `,
  ];

  #list = new Task(this, {
    task: (_, { signal }) => kernel.get('/sessions', { signal }),
    args: () => [],
  });

  #nameOf(session: Session): string {
    return session.device ?? this.t('sessions.unknown');
  }

  async #endOne(session: Session): Promise<void> {
    const device = this.#nameOf(session);
    await this.#end(
      {
        title: this.t('sessions.endTitle', { device }),
        text: this.t('sessions.endText'),
        confirm: this.t('sessions.endConfirm'),
        done: this.t('sessions.ended', { device }),
      },
      () => kernel.delete('/sessions/:id', { params: { id: session.id } }),
    );
  }

  async #endOthers(): Promise<void> {
    await this.#end(
      {
        title: this.t('sessions.endAllTitle'),
        text: this.t('sessions.endAllText'),
        confirm: this.t('sessions.endAllConfirm'),
        done: this.t('sessions.endedAll'),
      },
      () => kernel.delete('/sessions'),
    );
  }

  async #end(words: Record<'title' | 'text' | 'confirm' | 'done', string>, call: () => Promise<unknown>): Promise<void> {
    const { done, ...question } = words;
    if (!(await confirmDialog({ ...question, danger: true }))) return;
    try {
      await call();
      notify({ kind: 'success', text: done });
    } catch (problem) {
      // The session may have ended meanwhile; the reloaded list shows that.
      if (!(problem instanceof ApiProblem && problem.status === 404)) notify({ kind: 'error', text: (problem as Error).message });
    }
    await this.#list.run();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('h2')?.focus();
  }

  override render() {
    return html`
      <section aria-labelledby="sessions">
        <h2 id="sessions" tabindex="-1">${this.t('sessions.title')}</h2>
        <p>${this.t('sessions.text')}</p>
        ${this.#list.render({
          pending: () => html`<il-skeleton lines="3"></il-skeleton>`,
          error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#list.run()}></il-problem>`,
          complete: ({ sessions, more }) => html`
            <ul aria-labelledby="sessions">
              ${sessions.map((session) => this.#item(session))}
            </ul>
            ${more ? html`<p class="muted">${this.t('sessions.more')}</p>` : ''}
            ${
              sessions.length > 1
                ? html`<wa-button class="others" @click=${() => this.#endOthers()}>${this.t('sessions.endAll')}</wa-button>`
                : html`<p class="muted">${this.t('sessions.none')}</p>`
            }
          `,
        })}
      </section>
    `;
  }

  #item(session: Session) {
    const device = this.#nameOf(session);
    const used = formatDate(session.usedAt, 'time');
    return html`
      <li>
        <div>
          <p class="device">${device}</p>
          <p class="muted">
            ${session.current ? this.t('sessions.current') : this.t('sessions.used', { date: used })}
          </p>
          <p class="muted">
            ${this.t('sessions.times', { started: formatDate(session.startedAt, 'time'), until: formatDate(session.expiresAt, 'time') })}
          </p>
        </div>
        ${
          session.current
            ? ''
            : html`<wa-button size="small" @click=${() => this.#endOne(session)}>
                ${this.t('sessions.end')} <span class="visually-hidden">${this.t('sessions.endWhich', { device, date: used })}</span>
              </wa-button>`
        }
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'login-own-sessions': OwnSessions;
  }
}
