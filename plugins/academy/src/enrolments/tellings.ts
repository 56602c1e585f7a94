import type { Dependencies } from '../dependencies.js';
import type { Event } from '../models.js';
import { placeOf } from '../place.js';
import type { Tell } from '../states.js';
import type { Step } from './locked-event.js';

const mostAtOnce = 1_000;

/** Tells people what became of their sign-ups. */
export class Tellings {
  readonly #notifications: Dependencies['notifications'];
  readonly #Training: Dependencies['Training'];

  constructor({ notifications, Training }: Dependencies) {
    this.#notifications = notifications;
    this.#Training = Training;
  }

  async send(event: Event, steps: readonly Step[]): Promise<void> {
    const told = new Map<Tell, string[]>();
    for (const { transition, enrolment } of steps) {
      if (transition.tell === null || enrolment.person_id === null) continue;
      told.set(transition.tell, [...(told.get(transition.tell) ?? []), enrolment.person_id]);
    }
    await this.#tell(event, told);
  }

  /** The sessions of the event were changed: those who have a seat hear it once. */
  async changed(event: Event, people: readonly string[]): Promise<void> {
    await this.#tell(event, new Map([['changed', [...people]]]));
  }

  async #tell(event: Event, told: ReadonlyMap<Tell | 'changed', string[]>): Promise<void> {
    if (told.size === 0 || this.#notifications === undefined) return;
    const training = await this.#Training.query().findById(event.training_id).select('title');
    const params = { title: training?.title.slice(0, 200) ?? '' };
    for (const [tell, people] of told) {
      for (let at = 0; at < people.length; at += mostAtOnce) {
        const to = people.slice(at, at + mostAtOnce);
        await this.#notifications.notify.send({ kind: `academy.${tell}`, to, place: placeOf(event.id), params });
      }
    }
  }
}
