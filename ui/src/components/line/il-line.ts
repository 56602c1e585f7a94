import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { foreignLanguage } from '../../base/i18n.js';
import { PortalElement } from '../../base/portal-element.js';
import { sharedStyles } from '../../styles/shared-styles.js';
import { lineMark } from './mark.js';
import { straightRail, windingRail } from './rail.js';
import { currentStation, lineValue, type Station } from './station.js';
import { lineStyles } from './styles.js';

/** Minimum width per station in pixels; with less room, the line is vertical. */
const ROOM = 112;

const KIND_ICONS = { lti: 'puzzle', link: 'external-link', text: 'book-open' } as const;

/**
 * A learning path as a metro line: an ordered list whose stations show kind and state by shape, sign and words.
 * @fires il-station-click - `{ index }`; prevent its default to stop a link from being followed. A station without `href` is a button if
 * there is a listener.
 */
@customElement('il-line')
export class IlLine extends PortalElement {
  static override styles = [sharedStyles, lineStyles];

  @property({ attribute: false }) stations: readonly Station[] = [];

  /** A line colour of the portal, `1` to `10`, or any CSS colour. */
  @property() color = '1';

  @property({ reflect: true }) size: 'large' | 'list' | 'mark' = 'list';

  @property() orientation: 'vertical' | 'horizontal' = 'vertical';

  /** Name of the list for screen readers: the path's title. */
  @property() label = '';

  @state() private width = Number.POSITIVE_INFINITY;

  #listened = false;
  readonly #resized = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? this.width;
  });

  override addEventListener(...args: Parameters<HTMLElement['addEventListener']>): void {
    super.addEventListener(...args);
    if (args[0] === 'il-station-click' && !this.#listened) {
      this.#listened = true;
      this.requestUpdate();
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override willUpdate(): void {
    this.style.setProperty('--_line', lineValue(this.color));
  }

  get #across(): boolean {
    return this.orientation === 'horizontal' && this.width >= this.stations.length * ROOM;
  }

  #pressed(event: Event, index: number): void {
    if (!this.emit('il-station-click', { index }, { cancelable: true })) event.preventDefault();
  }

  #rail(index: number) {
    if (this.size === 'large' && !this.#across) return windingRail(this.stations, index);
    return straightRail(this.stations, index, this.#across ? 'horizontal' : 'vertical');
  }

  #words(station: Station, index: number) {
    const said = [this.t(`line.kind.${station.kind}`), this.t(`line.state.${station.state}`)].join(', ');
    const more = station.state === 'locked' ? (station.reason ?? station.detail) : station.detail;
    const here = this.size === 'large' && !this.#across && index === currentStation(this.stations);
    return html`
      <span class="words">
        <span class="label"><span lang=${foreignLanguage(station.language)}>${station.label}</span><span class="visually-hidden">, ${said}.</span></span>
        ${
          more
            ? html`<span class="detail">
              <il-icon name=${station.state === 'locked' && station.reason ? 'lock' : KIND_ICONS[station.kind]}></il-icon>
              <span>${more}</span>
            </span>`
            : ''
        }
      </span>
      ${here ? html`<span class="start">${this.t(station.state === 'started' ? 'line.goOn' : 'line.start')}</span>` : ''}
    `;
  }

  #station(station: Station, index: number) {
    const words = this.#words(station, index);
    const current = index === currentStation(this.stations) ? 'step' : nothing;
    const press = (event: Event) => this.#pressed(event, index);
    const open = station.state !== 'locked';
    let text = html`<div class="text" aria-current=${current}>${words}</div>`;
    if (open && station.href)
      text = html`<a class="text" href=${station.href} aria-current=${current} @click=${press}>${words}</a>`;
    else if (open && this.#listened) {
      text = html`<button type="button" class="text" aria-current=${current} @click=${press}>${words}</button>`;
    }
    return html`<li class=${station.state}>${this.#rail(index)}${text}</li>`;
  }

  override render() {
    if (this.size === 'mark') {
      const done = this.stations.filter(({ state }) => state === 'done' || state === 'low').length;
      const name = this.t('line.mark', { label: this.label, done, count: this.stations.length });
      return html`<span role="img" aria-label=${name}>${lineMark(this.stations)}</span>`;
    }
    return html`
      <ol class=${this.#across ? 'across' : ''} role="list" aria-label=${this.label || nothing}>
        ${this.stations.map((station, index) => this.#station(station, index))}
      </ol>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-line': IlLine;
  }
}
