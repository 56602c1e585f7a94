import { locale, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { privacy } from '../client.js';

type Language = 'nl' | 'en' | 'fr';
type Overview = Awaited<ReturnType<typeof load>>;
type School = Overview['schools'][number];

const load = (language: Language, signal?: AbortSignal) =>
  privacy.get('/agreements', { query: { language }, ...(signal === undefined ? {} : { signal }) });

/** `/beheer/privacy/overeenkomsten`: the processing agreement of each school, to read, accept or object to. */
@customElement('privacy-agreements-page')
export class AgreementsPage extends PortalElement {
  static override ns = 'privacy';

  static override styles = [
    sharedStyles,
    css`
      .school {
        display: grid;
        gap: var(--il-space-3);
        padding-block: var(--il-space-4);
        border-top: 1px solid var(--il-rule);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--il-space-3);
      }
    `,
  ];

  @state() private problem: unknown;

  readonly #agreements = new Task(this, {
    task: ([language], { signal }) => load(language, signal),
    args: () => [locale().slice(0, 2) as Language] as const,
  });

  override render() {
    const back = { href: '/beheer/privacy', text: this.t('people.title') };
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('agreement.title')} .back=${back}><p>${this.t('agreement.lead')}</p><p>${this.t('agreement.paper')}</p></il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${this.#agreements.render({
        pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#agreements.run()}></il-problem>`,
        complete: (overview) => this.#overview(overview),
      })}
    </div>`;
  }

  #overview({ version, schools }: Overview) {
    if (version === null) return html`<p>${this.t('agreement.notYet')}</p>`;
    const { number, since, objectionUntil, changes } = version;
    return html`<section class="stack">
        <h2>${this.t('statement.version', { number, date: this.#day(since) })}</h2>
        ${
          changes.length === 0
            ? nothing
            : html`<ul>
                ${changes.map(({ kind, name }) => html`<li>${this.t(`statement.changes.${kind}`, { name })}</li>`)}
              </ul>`
        }
        ${objectionUntil === null ? nothing : html`<p>${this.t('agreement.until', { date: this.#day(objectionUntil) })}</p>`}
      </section>
      <section aria-live="polite">${schools.map((school) => this.#school(school, number))}</section>`;
  }

  #school(agreement: School, version: number) {
    const { school, name, state, accepted } = agreement;
    const language = locale().slice(0, 2);
    const mayDecide = this.can('privacy:agree') && accepted?.version !== version;
    return html`<div class="school">
      <h3>${name}</h3>
      <p>${this.t(`agreement.states.${state}`)}</p>
      ${
        accepted === null
          ? nothing
          : html`<p class="muted">${this.t('agreement.acceptedOn', { version: accepted.version, date: this.#day(accepted.at) })}</p>`
      }
      <div class="actions">
        <wa-button appearance="outlined" href="/api/privacy/agreements/${school}/draft?language=${language}" target="_blank">
          ${this.t('agreement.read')}
        </wa-button>
        ${
          accepted === null
            ? nothing
            : html`<wa-button appearance="outlined" href="/api/privacy/agreements/${school}/documents/${accepted.id}" download="agreement.html">
                ${this.t('agreement.download')}
              </wa-button>`
        }
        ${
          mayDecide
            ? html`<wa-button variant="brand" @click=${() => this.#accept(school, version)}>
                ${this.t('agreement.accept')}
              </wa-button>`
            : nothing
        }
      </div>
      ${mayDecide && state === 'renewed' ? this.#objection(school, version) : nothing}
    </div>`;
  }

  #objection(school: string, version: number) {
    return html`<form
      class="stack"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        const reason = String(new FormData(event.target as HTMLFormElement).get('reason') ?? '').trim();
        if (reason !== '') void this.#object(school, version, reason);
      }}
    >
      <wa-textarea name="reason" maxlength="2000" required .label=${this.t('agreement.reason')}></wa-textarea>
      <div><wa-button type="submit" appearance="outlined">${this.t('agreement.object')}</wa-button></div>
    </form>`;
  }

  #accept(school: string, version: number) {
    const query = { language: locale().slice(0, 2) as Language };
    return this.#do(() => privacy.post('/agreements/:school/acceptance', { params: { school }, query, body: { version } }));
  }

  #object(school: string, version: number, reason: string) {
    return this.#do(() =>
      privacy.post('/agreements/:school/objection', { params: { school }, query: {}, body: { version, reason } }),
    );
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.problem = undefined;
    try {
      await act();
    } catch (problem) {
      this.problem = problem;
    }
    await this.#agreements.run();
  }

  #day(value: string | Date): string {
    return new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(new Date(value));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'privacy-agreements-page': AgreementsPage;
  }
}
