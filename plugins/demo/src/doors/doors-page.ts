import { PortalElement, sharedStyles } from '@ilearn/ui';
import { Task } from '@lit/task';
import { html } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { demo } from '../client.js';
import type { DoorKey } from './door-keys.js';
import { doorsStyles } from './doors-styles.js';

const icons: Record<DoorKey, string> = {
  pupil: 'smile',
  teacher: 'presentation',
  coordinator: 'wrench',
  principal: 'school',
  planner: 'calendar-days',
  administrator: 'sliders-horizontal',
};

/** Milliseconds until this page asks again whether there are doors. */
const patience = 1_500;

/** `/kijk`: six doors, each of which signs the visitor in as a person of the demonstration. */
@customElement('demo-doors-page')
export class DoorsPage extends PortalElement {
  static override ns = 'demo';
  static override styles = [sharedStyles, doorsStyles];

  /** The door that is opening. */
  @state() private opening: DoorKey | null = null;
  /** Why the last door did not open. */
  @state() private problem: unknown;

  #doors = new Task(this, {
    task: async (_, { signal }) => {
      const found = await demo.get('/doors', { signal });
      // There are no doors until the schools are filled.
      if (found.doors.length === 0 && this.isConnected) this.#timer = setTimeout(() => void this.#doors.run(), patience);
      return found;
    },
    args: () => [],
  });
  #timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  override render() {
    return html`
      <div class="page">
        <header class="head">
          <h1>${this.t('doors.title')}</h1>
          <p class="intro">${this.t('doors.intro')}</p>
          <p class="muted small">${this.t('doors.invented')}</p>
        </header>
        ${this.problem === undefined ? '' : html`<il-problem .problem=${this.problem}></il-problem>`}
        ${this.#doors.render({
          pending: () => html`<il-skeleton lines="6"></il-skeleton>`,
          complete: ({ doors }) =>
            doors.length === 0
              ? html`<il-empty icon="hourglass" text=${this.t('doors.none')}></il-empty>`
              : html`<ul class="doors">${doors.map((key) => this.#door(key))}</ul>`,
          error: (error) => html`<il-problem .problem=${error} @retry=${() => void this.#doors.run()}></il-problem>`,
        })}
        <p>${this.t('doors.account')} <a href="/aanmelden">${this.t('doors.signIn')}</a></p>
      </div>
    `;
  }

  #door(key: DoorKey) {
    return html`
      <li class=${key}>
        <button aria-disabled=${String(this.opening !== null)} @click=${() => void this.#enter(key)}>
          <span class="stop"><il-icon name=${icons[key]}></il-icon></span>
          <span class="name">${this.t(`doors.${key}.name`)}</span>
          <span class="what">${this.t(`doors.${key}.what`)}</span>
          <span class="who small">${this.t(`doors.${key}.who`)}</span>
        </button>
      </li>
    `;
  }

  async #enter(door: DoorKey): Promise<void> {
    if (this.opening !== null) return;
    this.opening = door;
    this.problem = undefined;
    try {
      const { place } = await demo.post('/session', { body: { door } });
      // Load a new document, so that no data of a previous user stays in memory.
      location.assign(place);
    } catch (error) {
      this.opening = null;
      this.problem = error;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'demo-doors-page': DoorsPage;
  }
}
