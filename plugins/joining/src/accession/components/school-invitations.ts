import { login } from '@ilearn/plugin-login/client';
import { confirmDialog, formatDate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';

type Invitation = Awaited<ReturnType<typeof ofSchool>>[number];

const ofSchool = async (school: string, signal: AbortSignal) =>
  (await login.get('/schools/:school/invitations', { params: { school }, signal })).invitations;

/** Who was invited to a school and has no account yet, to invite again or not any more; nothing if there is nobody. */
@customElement('joining-school-invitations')
export class SchoolInvitations extends PortalElement {
  static override ns = 'joining';
  static override styles = [sharedStyles];

  @property() school = '';
  @state() private problem: unknown;

  readonly #invitations = new Task(this, {
    task: ([school], { signal }) => ofSchool(school, signal),
    args: () => [this.school] as const,
  });

  override render() {
    const open = (this.#invitations.value ?? []).filter(({ state }) => state !== 'accepted');
    if (open.length === 0) return nothing;
    return html`<section class="stack">
      <h4 tabindex="-1">${this.t('steps.invited.title')}</h4>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      <ul class="list">${open.map((each) => this.#row(each))}</ul>
    </section>`;
  }

  #row({ person, name, state, expiresAt, may }: Invitation) {
    const whom = html`<span class="visually-hidden"> – ${name}</span>`;
    const over = state === 'withdrawn' || state === 'expired';
    return html`<li class="row">
      <span class="grow">
        <span class="strong">${name}</span><br />
        <span class="muted">${this.t(`steps.invited.${over ? state : 'open'}`, { date: formatDate(expiresAt ?? '', 'short') })}</span>
      </span>
      ${
        may
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#again(person, name)}>${this.t('steps.invited.again')}${whom}</wa-button>`
          : nothing
      }
      ${
        may && !over
          ? html`<wa-button size="s" appearance="outlined" @click=${() => this.#withdraw(person, name)}>${this.t('steps.invited.withdraw')}${whom}</wa-button>`
          : nothing
      }
    </li>`;
  }

  #again(person: string, name: string): Promise<void> {
    const params = { school: this.school, person };
    return this.#do(() => login.post('/schools/:school/invitations/:person/again', { params }), 'sentAgain', name);
  }

  async #withdraw(person: string, name: string): Promise<void> {
    const sure = await confirmDialog({
      title: this.t('steps.invited.withdrawTitle', { name }),
      text: this.t('steps.invited.withdrawText'),
      confirm: this.t('steps.invited.withdraw'),
      danger: true,
    });
    const params = { school: this.school, person };
    if (sure) await this.#do(() => login.delete('/schools/:school/invitations/:person', { params }), 'withdrawn', name);
  }

  async #do(act: () => Promise<unknown>, done: 'sentAgain' | 'withdrawn', name: string): Promise<void> {
    this.problem = undefined;
    try {
      await act();
      notify({ kind: 'success', text: this.t(`steps.invited.${done}Done`, { name }) });
    } catch (problem) {
      this.problem = problem;
    }
    await this.#invitations.run();
    this.renderRoot.querySelector<HTMLElement>('h4')?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-school-invitations': SchoolInvitations;
  }
}
