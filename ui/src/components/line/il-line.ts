import { html, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { foreignLanguage } from '../../base/i18n.js';
import { PortalElement } from '../../base/portal-element.js';
import { sharedStyles } from '../../styles/shared-styles.js';
import '../ear/il-ear.js';
import { markOf, moveTrain, railOf, type Side, sidesOf } from './large.js';
import { largeStyles } from './large-styles.js';
import { lineMark } from './mark.js';
import { straightRail } from './rail.js';
import { currentStation, KIND_ICONS, lineValue, type Station } from './station.js';
import { lineStyles } from './styles.js';

/** Minimum width per station in pixels; with less room, the line is vertical. */
const ROOM = 112;

/**
 * A learning path as a metro line: an ordered list whose stations show kind and state by shape, sign and words.
 * @fires il-station-click - `{ index }`; prevent its default to stop a link from being followed. A station without `href` is a button if
 * there is a listener.
 */
@customElement('il-line')
export class IlLine extends PortalElement {
  static override styles = [sharedStyles, lineStyles, largeStyles];

  @property({ attribute: false }) stations: readonly Station[] = [];

  /** A line colour of the portal, `1` to `10`, or any CSS colour. */
  @property() color = '1';

  @property({ reflect: true }) size: 'large' | 'list' | 'mark' = 'list';

  @property() orientation: 'vertical' | 'horizontal' = 'vertical';

  /** Name of the list for screen readers: the path's title. */
  @property() label = '';

  /** Large: another part of the page has the main action, so that of the current station is no fill. */
  @property({ type: Boolean, reflect: true }) quiet = false;

  /** Large: station from which the train comes when the line is shown first, `-1` for none. */
  @property({ type: Number }) from = -1;

  @state() private width = Number.POSITIVE_INFINITY;

  #listened = false;
  /** The station where the train stands. */
  #train: number | undefined;
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

  override updated(): void {
    const current = currentStation(this.stations);
    const before = this.#train ?? this.from;
    if (this.size !== 'large' || current < 0 || this.stations.length === 0) return;
    this.#train = current;
    const list = this.renderRoot.querySelector('.large');
    if (list && before >= 0 && before !== current) moveTrain(list, before, current);
  }

  get #across(): boolean {
    return this.orientation === 'horizontal' && this.width >= this.stations.length * ROOM;
  }

  #pressed(event: Event, index: number): void {
    if (!this.emit('il-station-click', { index }, { cancelable: true })) event.preventDefault();
  }

  /** The name with, for screen readers, its kind and state. */
  #label(station: Station) {
    const said = [station.kind && this.t(`line.kind.${station.kind}`), this.t(`line.state.${station.state}`)].filter(Boolean);
    return html`<span class="label"
      ><span lang=${foreignLanguage(station.language)}>${station.label}</span><span class="visually-hidden">, ${said.join(', ')}.</span></span
    >`;
  }

  #detail(text: string | undefined, icon: string | undefined) {
    if (!text) return nothing;
    return html`<span class="detail">${icon ? html`<il-icon name=${icon}></il-icon>` : nothing}<span>${text}</span></span>`;
  }

  /** A link, a button if somebody listens, or plain text. */
  #pressable(station: Station, index: number, className: string, content: unknown, name?: string) {
    const current = index === currentStation(this.stations) ? 'step' : nothing;
    const label = name ?? nothing;
    const press = (event: Event) => this.#pressed(event, index);
    if (station.state !== 'locked' && station.href) {
      return html`<a class=${className} href=${station.href} aria-current=${current} aria-label=${label} @click=${press}>${content}</a>`;
    }
    if (station.state !== 'locked' && this.#listened) {
      return html`<button type="button" class=${className} aria-current=${current} aria-label=${label} @click=${press}>${content}</button>`;
    }
    return html`<div class=${className} aria-current=${current}>${content}</div>`;
  }

  #station(station: Station, index: number) {
    const locked = station.state === 'locked';
    const icon = locked && station.reason ? 'lock' : station.kind && KIND_ICONS[station.kind];
    const words = html`<span class="words"
      >${this.#label(station)} ${this.#detail(locked ? (station.reason ?? station.detail) : station.detail, icon)}</span
    >`;
    const rail = straightRail(this.stations, index, this.#across ? 'horizontal' : 'vertical');
    return html`<li class=${station.state}>${rail}${this.#pressable(station, index, 'text', words)}</li>`;
  }

  #largeStation(station: Station, index: number, sides: readonly Side[]) {
    const here = sides[index] === 'middle';
    return html`<li class="${station.state} ${sides[index]}">
      ${railOf(this.stations, sides, index)} ${markOf(station, here)} ${here ? this.#card(station, index) : this.#beside(station, index)}
    </li>`;
  }

  /** Of stations that are locked for the same reason, only the first tells it. */
  #beside(station: Station, index: number) {
    const told = this.stations.findIndex(({ state, reason }) => state === 'locked' && reason === station.reason) === index;
    const locked = station.state === 'locked' && station.reason !== undefined;
    const words = html`<span class="words"
      >${this.#label(station)} ${locked ? (told ? this.#detail(station.reason, 'lock') : nothing) : this.#detail(station.detail, undefined)}</span
    >`;
    return this.#pressable(station, index, 'text', words);
  }

  #card(station: Station, index: number) {
    const action = this.t(station.state === 'started' ? 'line.goOn' : 'line.start');
    const name = this.t('line.begin', { action, title: station.label });
    return html`<div class="card">
      <span class="words">${this.#label(station)} ${this.#detail(station.detail, undefined)}</span>
      <div class="go-on">
        <il-ear .text=${station.label} .label=${station.label} .language=${station.language}></il-ear>
        ${this.#pressable(station, index, 'start', action, name)}
      </div>
    </div>`;
  }

  override render() {
    if (this.size === 'mark') {
      const done = this.stations.filter(({ state }) => state === 'done' || state === 'low').length;
      const name = this.t('line.mark', { label: this.label, done, count: this.stations.length });
      return html`<span role="img" aria-label=${name}>${lineMark(this.stations)}</span>`;
    }
    const large = this.size === 'large' && !this.#across;
    const sides = sidesOf(this.stations);
    return html`
      <ol class=${this.#across ? 'across' : large ? 'large' : ''} role="list" aria-label=${this.label || nothing}>
        ${this.stations.map((station, index) => (large ? this.#largeStation(station, index, sides) : this.#station(station, index)))}
      </ol>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'il-line': IlLine;
  }
}
