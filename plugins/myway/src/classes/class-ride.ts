import { foreignLanguage, PortalElement, sharedStyles } from '@ilearn/ui';
import { css, html, nothing, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { colourOf } from '../client/line.js';
import { groupBy } from '../group-by.js';
import type { ClassLine, ClassProgress } from './model.js';
import { HEIGHT, NUMBER, RAIL, type RideDot, type RideStop, rideOf } from './ride.js';

/** Width in pixels from which there is room for the names of the stations. */
const ROOM_FOR_NAMES = 84;

/**
 * A path as a line with one dot for each pupil, above the station where the pupil goes on. Dots move when the progress changes. The same in
 * words is below it, folded away.
 */
@customElement('myway-class-ride')
export class ClassRide extends PortalElement {
  static override ns = 'myway';
  static override styles = [
    sharedStyles,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .rail {
        stroke: var(--line);
        stroke-width: 6;
        stroke-linecap: round;
      }
      .stop {
        fill: var(--il-paper);
        stroke: var(--line);
        stroke-width: 3.5;
      }
      .stop.passed {
        fill: var(--line);
      }
      .end {
        stroke: var(--line);
        stroke-width: 6;
        stroke-linecap: round;
      }
      .dot {
        fill: var(--il-ink);
        stroke: var(--il-paper);
        stroke-width: 1;
        transition:
          cx 600ms ease-in-out,
          cy 600ms ease-in-out,
          opacity 300ms;
      }
      .dot.stuck {
        fill: var(--il-paper);
        stroke: var(--il-bad);
        stroke-width: 3.5;
      }
      .dot.gathered {
        opacity: 0;
      }
      .number-of circle {
        fill: var(--il-ink);
      }
      .number-of text {
        fill: var(--il-paper);
        font-size: 12px;
        font-weight: 700;
        font-variant-numeric: tabular-nums;
        text-anchor: middle;
        dominant-baseline: central;
      }
      .names {
        display: flex;
        color: var(--il-ink-soft);
        font-size: var(--il-text-s);
        line-height: 1.25;
        text-align: center;
      }
      .names span {
        flex: 1 1 0;
        min-width: 0;
        max-height: 2.5em;
        padding-inline: 4px;
        overflow: hidden;
        overflow-wrap: anywhere;
        hyphens: auto;
      }
      summary {
        display: inline-flex;
        align-items: center;
        min-height: 32px;
        color: var(--il-link);
        font-size: var(--il-text-s);
        text-decoration: underline;
        text-decoration-thickness: 0.08em;
        text-underline-offset: 0.18em;
        cursor: pointer;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(8rem, auto) 1fr;
        gap: var(--il-space-1) var(--il-space-4);
        padding-block: var(--il-space-2);
      }
      dt {
        font-weight: 600;
      }
      dd a:any-link {
        color: inherit;
      }
      @media (max-width: 40rem) {
        dl {
          grid-template-columns: 1fr;
        }
      }
      @media (forced-colors: active) {
        .rail,
        .end,
        .stop {
          stroke: CanvasText;
        }
        .dot,
        .number-of circle {
          fill: CanvasText;
          stroke: Canvas;
        }
        .dot.stuck {
          fill: Canvas;
          stroke: CanvasText;
        }
        .number-of text {
          fill: Canvas;
        }
      }
    `,
  ];

  @property({ attribute: false }) line!: ClassLine;
  @property({ attribute: false }) pupils: ClassProgress['pupils'] = [];

  @state() private width = 0;

  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry?.contentRect.width ?? 0);
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override willUpdate(): void {
    this.style.setProperty('--line', `var(--il-line-${colourOf(this.line.area)})`);
  }

  override render() {
    const { line, width } = this;
    if (width === 0) return svg`<svg height=${HEIGHT}></svg>`;
    const { stops, dots, step } = rideOf(line.stations.length, line.places, width);
    return html`
      <svg height=${HEIGHT} viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label=${this.#inWords()}>
        <line class="rail" x1=${stops[0]?.x ?? 0} x2=${stops.at(-1)?.x ?? 0} y1=${RAIL} y2=${RAIL} />
        ${stops.map((stop) => this.#stop(stop))}
        ${repeat(
          dots,
          ({ pupilId }) => pupilId,
          (dot) => this.#dot(dot),
        )}
        ${stops.map((stop) => (stop.gathered ? gatheredNumber(stop) : nothing))}
      </svg>
      ${step >= ROOM_FOR_NAMES && stops.length === line.stations.length + 1 ? this.#names() : nothing} ${this.#details()}
    `;
  }

  #stop({ from, to, x }: RideStop) {
    const { stations, counts } = this.line;
    if (from === stations.length) return svg`<line class="end" x1=${x} x2=${x} y1=${RAIL - 9} y2=${RAIL + 9} />`;
    const passed = counts.pupils > 0 && stations.slice(from, to + 1).every(({ done }) => done === counts.pupils);
    return svg`<circle class="stop ${passed ? 'passed' : ''}" cx=${x} cy=${RAIL} r="6.5" />`;
  }

  #dot({ x, y, stuck, gathered, pupilId }: RideDot) {
    return svg`<circle class="dot ${stuck ? 'stuck' : ''} ${gathered ? 'gathered' : ''}" cx=${x} cy=${y} r="5"><title>${this.#nameOf(pupilId)}</title></circle>`;
  }

  #names() {
    return html`<div class="names" aria-hidden="true">
      ${this.line.stations.map(({ title, language }) => html`<span lang=${foreignLanguage(language)}>${title}</span>`)}
      <span>${this.t('class.end')}</span>
    </div>`;
  }

  #details() {
    if (this.line.places.length === 0) return nothing;
    return html`
      <details>
        <summary>${this.t('class.whoIsWhere')}</summary>
        <dl>
          ${this.#byStation().map(
            ({ title, language, pupilIds }) => html`
              <dt lang=${foreignLanguage(language)}>${title}</dt>
              <dd>
                ${pupilIds.map(
                  (id, index) =>
                    html`${index > 0 ? ', ' : ''}<a href="/personen/${id}">${this.#nameOf(id)}</a>${
                      this.#isStuck(id) ? ` (${this.t('class.status.stuck')})` : ''
                    }`,
                )}
              </dd>
            `,
          )}
        </dl>
      </details>
    `;
  }

  #inWords(): string {
    const where = this.#byStation().map(({ title, pupilIds }) => this.t('class.at', { title, count: pupilIds.length }));
    return this.t('class.ride', { title: this.line.path.title, where: where.join('; ') });
  }

  /** The stations where pupils are, in the order of the line. */
  #byStation(): { title: string; language: string | null; pupilIds: string[] }[] {
    const { stations, places } = this.line;
    const groups = groupBy(places, ({ at }) => Math.min(at, stations.length));
    return [...groups]
      .sort(([a], [b]) => a - b)
      .map(([at, those]) => ({
        title: stations[at]?.title ?? this.t('class.end'),
        language: stations[at]?.language ?? null,
        pupilIds: those.map(({ pupilId }) => pupilId),
      }));
  }

  #nameOf(id: string): string {
    const pupil = this.pupils.find((each) => each.id === id);
    return pupil === undefined ? '' : `${pupil.givenName} ${pupil.familyName}`;
  }

  #isStuck(id: string): boolean {
    return this.line.places.some((place) => place.pupilId === id && place.stuck);
  }
}

const gatheredNumber = ({ x, count }: RideStop) => svg`<g class="number-of" aria-hidden="true">
    <circle cx=${x} cy=${NUMBER} r="14" /><text x=${x} y=${NUMBER}>${count}</text>
  </g>`;

declare global {
  interface HTMLElementTagNameMap {
    'myway-class-ride': ClassRide;
  }
}
