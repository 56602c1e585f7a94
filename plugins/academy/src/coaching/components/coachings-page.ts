import type { Answer } from '@ilearn/core';
import { type ApiProblem, formatMinutes, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { academy } from '../../client.js';
import { academyTabs, tabStyles } from '../../shared/tabs.js';
import { schoolOf } from '../../shared/words.js';
import type { coachingRoutes } from '../routes.js';
import { coachingMark } from './coaching-mark.js';

type List = Answer<typeof coachingRoutes, 'GET', '/coachings'>;

/** `/academie/coaching` for people of schools, `/academie/coachings` for those of providers: coachings in which they have a part. */
@customElement('academy-coachings-page')
export class CoachingsPage extends PortalElement {
  static override ns = 'academy';
  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      form {
        display: grid;
        gap: var(--il-space-4);
      }
    `,
  ];

  @state() private asking = false;
  @state() private problem: string | undefined;
  @state() private provider = '';
  @state() private goal = '';
  @state() private tool = '';
  @state() private hours = 6;

  get #delivers(): boolean {
    return this.can('academy:deliver');
  }

  readonly #loaded = new Task(this, {
    task: async (_, { signal }) => {
      const list: List = await academy.get('/coachings', { signal });
      const providers = this.#delivers ? [] : (await academy.get('/coaching-providers', { signal })).providers;
      return { list, providers };
    },
    args: () => [] as const,
  });

  override render() {
    return html`<div class="page">
      <il-page-head heading=${this.t('coaching.title')}>
        ${
          this.#delivers
            ? nothing
            : html`<wa-button slot="actions" variant="brand" @click=${() => this.#ask(true)}>${this.t('coaching.ask')}</wa-button>`
        }
        ${
          this.can('academy:export')
            ? html`<wa-button slot="actions" appearance="outlined" href=${this.#exportAddress()} download>${this.t('coaching.export')}</wa-button>`
            : nothing
        }
      </il-page-head>
      ${academyTabs(this, '/academie/coaching')}
      ${this.#loaded.render({
        pending: () => html`<il-skeleton lines="5"></il-skeleton>`,
        complete: ({ list, providers }) => html`${this.#list(list)}${this.#form(providers)}`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#loaded.run()}></il-problem>`,
      })}
    </div>`;
  }

  /** Hours of this calendar year and the one before. */
  #exportAddress(): string {
    const year = new Date().getFullYear();
    return `/api/academy/delivered-hours?from=${year - 1}-01-01&to=${year}-12-31`;
  }

  #list({ coachings, more }: List) {
    if (coachings.length === 0) {
      return html`<il-empty icon="hand-helping" heading=${this.t('coaching.empty')} text=${this.t('coaching.emptyText')}></il-empty>`;
    }
    return html`<ul class="list">
        ${coachings.map(
          (each) => html`<li>
            <a class="row" href="/academie/coaching/${each.id}">
              <span class="grow">
                <span class="strong">${each.goal}</span><br />
                <span class="small muted"
                  >${[this.#delivers ? each.schoolName : each.providerName, each.tool, formatMinutes(each.agreedMinutes ?? each.wishedMinutes)].filter(Boolean).join(' · ')}</span
                >
              </span>
              ${coachingMark((key, options) => this.t(key, options), each.state)}
            </a>
          </li>`,
        )}
      </ul>
      <il-truncated ?more=${more} shown=${coachings.length}></il-truncated>`;
  }

  #form(providers: { id: string; name: string }[]) {
    if (this.#delivers) return nothing;
    return html`<il-dialog heading=${this.t('coaching.ask')} .open=${this.asking} @il-close=${() => this.#ask(false)}>
      <form id="ask" @submit=${this.#submit}>
        <wa-select
          label=${this.t('coaching.provider')}
          .value=${this.provider}
          @change=${(event: Event) => this.#set('provider', (event.target as HTMLSelectElement).value)}
        >
          ${providers.map(({ id, name }) => html`<wa-option value=${id}>${name}</wa-option>`)}
        </wa-select>
        <wa-textarea
          label=${this.t('coaching.goal')}
          hint=${this.t('coaching.goalHint')}
          maxlength="2000"
          .value=${this.goal}
          @input=${(event: Event) => this.#set('goal', (event.target as HTMLTextAreaElement).value)}
        ></wa-textarea>
        <wa-input
          label=${this.t('coaching.tool')}
          maxlength="80"
          .value=${this.tool}
          @input=${(event: Event) => this.#set('tool', (event.target as HTMLInputElement).value)}
        ></wa-input>
        <wa-input
          type="number"
          min="1"
          max="200"
          label=${this.t('coaching.hours')}
          .value=${String(this.hours)}
          @input=${(event: Event) => this.#setHours(Number((event.target as HTMLInputElement).value))}
        ></wa-input>
        ${this.problem === undefined ? nothing : html`<p role="alert">${this.problem}</p>`}
      </form>
      <wa-button slot="footer" variant="brand" @click=${() => this.#send()}>${this.t('coaching.send')}</wa-button>
    </il-dialog>`;
  }

  #ask(open: boolean): void {
    this.asking = open;
  }

  #set(name: 'provider' | 'goal' | 'tool', value: string): void {
    this[name] = value;
  }

  #setHours(hours: number): void {
    this.hours = hours;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    void this.#send();
  }

  async #send(): Promise<void> {
    if (this.provider === '' || this.goal.trim() === '' || !(this.hours >= 1)) {
      this.problem = this.t('coaching.incomplete');
      return;
    }
    try {
      const { id } = await academy.post('/coachings', {
        body: {
          school: schoolOf(this),
          provider: this.provider,
          goal: this.goal.trim(),
          tool: this.tool.trim(),
          wishedMinutes: Math.round(this.hours * 60),
        },
      });
      notify({ kind: 'success', text: this.t('coaching.sent') });
      await navigate(`/academie/coaching/${id}`);
    } catch (problem) {
      this.problem = (problem as ApiProblem).message;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'academy-coachings-page': CoachingsPage;
  }
}
