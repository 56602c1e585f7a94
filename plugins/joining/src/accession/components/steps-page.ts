import type { Answer } from '@ilearn/core';
import { mayOpen, navigate, notify, PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { css, html, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { joining } from '../../client.js';
import type { accessionRoutes } from '../routes.js';
import { type Facts, factsOf } from './facts.js';
import './school-invitations.js';

type School = Answer<typeof accessionRoutes, 'GET', '/steps'>['schools'][number];
type Step = keyof School['steps'];
type State = School['steps'][Step];

/** The steps in the order in which a school takes them, each with the page where it is done. */
const steps: readonly { step: Step; place: (school: string) => string }[] = [
  { step: 'agreement', place: () => '/beheer/privacy/overeenkomsten' },
  { step: 'releases', place: (school) => `/school?school=${school}` },
  { step: 'sign-in', place: () => '/aanmeldwijzen' },
  { step: 'roster', place: () => (mayOpen('/leerlinggegevens') ? '/leerlinggegevens' : '/school/importeren') },
  { step: 'colleagues', place: (school) => `/school?school=${school}&kind=staff` },
];

/** `/aansluiten`: what a new school still sets, each step when it suits. */
@customElement('joining-steps-page')
export class StepsPage extends PortalElement {
  static override ns = 'joining';
  static override styles = [
    sharedStyles,
    css`
      .step {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--il-space-2) var(--il-space-4);
        align-items: start;
        padding-block: var(--il-space-4);
      }
      .sign {
        display: grid;
        place-items: center;
        width: 2rem;
        height: 2rem;
        font-weight: 680;
        border: 2px solid var(--il-edge);
        border-radius: 50%;
      }
      .done .sign {
        color: var(--il-good);
        border-color: currentcolor;
      }
      h3 {
        font-size: var(--il-text-l);
      }
      .fact {
        font-weight: 600;
      }
      .step .actions {
        grid-column: 2;
      }
    `,
  ];

  @state() private problem: unknown;
  /** What is said of one school is said of all. */
  @state() private together = false;

  readonly #steps = new Task(this, {
    task: async (_, { signal }) => {
      const { schools, more } = await joining.get('/steps', { signal });
      return { schools, more, facts: await factsOf(schools, signal) };
    },
    args: () => [],
  });

  override render() {
    return html`<div class="page narrow">
      <il-page-head heading=${this.t('steps.title')}><p>${this.t('steps.lead')}</p></il-page-head>
      ${this.problem === undefined ? nothing : html`<il-problem .problem=${this.problem}></il-problem>`}
      ${this.#steps.render({
        pending: () => html`<il-skeleton lines="8"></il-skeleton>`,
        error: (problem) => html`<il-problem .problem=${problem} @retry=${() => this.#steps.run()}></il-problem>`,
        complete: ({ schools, more, facts }) => html`
          ${
            schools.length === 0
              ? html`<il-empty icon="school" heading=${this.t('steps.none')} text=${this.t('steps.noneText')}></il-empty>`
              : html`${schools.filter(({ finished }) => !finished).length > 1 ? this.#choice() : nothing}
                ${schools.map((school) => this.#school(school, facts.get(school.school)))}`
          }
          <il-truncated ?more=${more} shown=${schools.length}></il-truncated>
        `,
      })}
    </div>`;
  }

  #choice() {
    return html`<wa-checkbox
      ?checked=${this.together}
      @change=${(event: Event) => {
        this.together = (event.target as HTMLInputElement).checked;
      }}
      >${this.t('steps.together')}</wa-checkbox
    >`;
  }

  #school(school: School, facts: Facts | undefined) {
    const shown = steps.filter(({ place }) => mayOpen(place(school.school).split('?')[0] as string));
    const open = shown.filter(({ step }) => this.#stateOf(school, step, facts) === 'open').length;
    return html`<section class="stack" aria-label=${school.name}>
      <h2>${school.name}</h2>
      <p class="muted">${open === 0 ? this.t('steps.allSeen') : this.t('steps.open', { count: open })}</p>
      <ol class="list">
        ${shown.map(({ step, place }, at) => this.#step(school, step, place(school.school), at, facts))}
      </ol>
      ${
        school.finished
          ? html`<p class="strong">${this.t('steps.finished')}</p>`
          : html`<div class="actions">
              <wa-button variant=${open === 0 ? 'brand' : 'neutral'} appearance=${open === 0 ? 'accent' : 'outlined'} @click=${() => this.#finish(school)}>
                ${this.t('steps.finish')}
              </wa-button>
            </div>`
      }
    </section>`;
  }

  /** What is true goes before what was said. */
  #stateOf(school: School, step: Step, facts: Facts | undefined): State {
    return facts?.[step] === true ? 'done' : school.steps[step];
  }

  #step(school: School, step: Step, place: string, at: number, facts: Facts | undefined) {
    const stands = this.#stateOf(school, step, facts);
    const known = facts?.[step];
    return html`<li class="step ${stands}">
      <span class="sign" aria-hidden="true">${stands === 'done' ? html`<il-icon name="check"></il-icon>` : at + 1}</span>
      <div>
        <h3>${this.t(`steps.names.${step}`)}</h3>
        <p>${this.t(`steps.texts.${step}`)}</p>
        ${known === undefined ? nothing : html`<p class="fact">${this.t(`steps.facts.${step}.${known}`)}</p>`}
        <p class="muted">${this.t(`steps.states.${stands}`)}</p>
        ${step === 'colleagues' ? html`<joining-school-invitations .school=${school.school}></joining-school-invitations>` : nothing}
      </div>
      <div class="actions">
        <wa-button appearance="outlined" href=${place}>${this.t(`steps.go.${step}`)}</wa-button>
        ${school.finished || known === true ? nothing : this.#sayings(school, step, stands, known === undefined)}
      </div>
    </li>`;
  }

  /** What can be said about a step that is not done as far as the portal knows. `byWord`: only people know whether it is done. */
  #sayings(school: School, step: Step, stands: State, byWord: boolean) {
    const sayings: State[] = [
      stands === 'open' ? 'later' : 'open',
      ...(byWord && step !== 'agreement' && stands !== 'done' ? (['done'] as const) : []),
    ];
    return sayings.map(
      (state) => html`<wa-button appearance="plain" @click=${() => this.#say(school, step, state)}>
        ${this.t(`steps.say.${state}`)}<span class="visually-hidden">: ${this.t(`steps.names.${step}`)}</span>
      </wa-button>`,
    );
  }

  /** The school, or with it all others that have not finished. */
  #meant({ school }: School): string[] {
    const others = this.together ? (this.#steps.value?.schools ?? []).filter(({ finished }) => !finished) : [];
    return [...new Set([school, ...others.map((other) => other.school)])];
  }

  #say(school: School, step: Step, state: State): Promise<void> {
    return this.#do(() => joining.put('/steps/:step', { params: { step }, body: { schools: this.#meant(school), state } }));
  }

  async #finish(school: School): Promise<void> {
    const { name } = school;
    await this.#do(() => joining.post('/steps/finish', { body: { schools: this.#meant(school) } }));
    if (this.problem !== undefined) return;
    notify({ kind: 'success', text: this.t('steps.welcome', { name }) });
    if (this.#steps.value?.schools.every(({ finished }) => finished)) navigate('/');
  }

  async #do(act: () => Promise<unknown>): Promise<void> {
    this.problem = undefined;
    try {
      await act();
      await this.#steps.run();
    } catch (problem) {
      this.problem = problem;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'joining-steps-page': StepsPage;
  }
}
