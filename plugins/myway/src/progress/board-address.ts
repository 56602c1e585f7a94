import { type Filter, filters, type Order, orders } from './rows.js';

/** What the address of a class board says: `?toon=vast&volgorde=ver&leerling=<id>&stap=<id>`. */
export class BoardAddress {
  constructor(
    private readonly assignmentId: string,
    private readonly query: URLSearchParams,
  ) {}

  get filter(): Filter {
    const named = this.query.get('toon') ?? '';
    return named in filters ? (named as Filter) : 'allen';
  }

  get order(): Order {
    const named = this.query.get('volgorde') ?? '';
    return named in orders ? (named as Order) : 'nodig';
  }

  /** Id of the pupil in the panel. */
  get pupilId(): string | undefined {
    return this.query.get('leerling') ?? undefined;
  }

  /** Id of the step that the panel points out. */
  get stepId(): string | undefined {
    return this.query.get('stap') ?? undefined;
  }

  /** The address with these changes. Defaults are left out. */
  with(change: { filter?: Filter; order?: Order; pupilId?: string | undefined; stepId?: string | undefined }): string {
    const next = { filter: this.filter, order: this.order, pupilId: this.pupilId, stepId: this.stepId, ...change };
    const query = new URLSearchParams();
    if (next.filter !== 'allen') query.set('toon', next.filter);
    if (next.order !== 'nodig') query.set('volgorde', next.order);
    if (next.pupilId !== undefined) query.set('leerling', next.pupilId);
    if (next.pupilId !== undefined && next.stepId !== undefined) query.set('stap', next.stepId);
    const text = query.toString();
    return `/opvolging/${this.assignmentId}${text ? `?${text}` : ''}`;
  }
}
