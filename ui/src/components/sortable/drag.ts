/** Distance from the window's edge at which dragging scrolls, and the scroll step, both in pixels. */
const EDGE = 56;
const SCROLL = 12;

interface Row {
  element: HTMLElement;
  top: number;
  height: number;
}

/** One drag of a row with the pointer: the row follows the pointer, the others make room, and `drop` is called with the new index. */
export class Drag {
  readonly #rows: Row[];
  readonly #startY: number;
  readonly #startScroll = scrollY;
  readonly #from: number;
  #to: number;
  #y: number;
  #frame = 0;

  constructor(
    elements: readonly HTMLElement[],
    from: number,
    event: PointerEvent,
    private readonly drop: (to: number | undefined) => void,
  ) {
    this.#rows = elements.map((element) => {
      const { top, height } = element.getBoundingClientRect();
      return { element, top, height };
    });
    this.#from = from;
    this.#to = from;
    this.#startY = event.clientY;
    this.#y = event.clientY;
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', this.#moved);
    handle.addEventListener('pointerup', this.#released);
    handle.addEventListener('pointercancel', this.#cancelled);
    addEventListener('keydown', this.#key, true);
    this.#stop = () => {
      handle.removeEventListener('pointermove', this.#moved);
      handle.removeEventListener('pointerup', this.#released);
      handle.removeEventListener('pointercancel', this.#cancelled);
      removeEventListener('keydown', this.#key, true);
      cancelAnimationFrame(this.#frame);
      for (const { element } of this.#rows) element.style.transform = '';
    };
    this.#frame = requestAnimationFrame(this.#tick);
  }

  readonly #stop: () => void;

  readonly #moved = (event: PointerEvent): void => {
    this.#y = event.clientY;
  };

  readonly #released = (): void => {
    this.#stop();
    this.drop(this.#to);
  };

  readonly #cancelled = (): void => {
    this.#stop();
    this.drop(undefined);
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.#cancelled();
  };

  readonly #tick = (): void => {
    if (this.#y < EDGE) scrollBy({ top: -SCROLL, behavior: 'instant' });
    else if (this.#y > innerHeight - EDGE) scrollBy({ top: SCROLL, behavior: 'instant' });
    this.#arrange(this.#y - this.#startY + scrollY - this.#startScroll);
    this.#frame = requestAnimationFrame(this.#tick);
  };

  /** @param offset distance of the row from its original place, in pixels */
  #arrange(offset: number): void {
    const moving = this.#rows[this.#from] as Row;
    const middle = moving.top + offset + moving.height / 2;
    this.#to = this.#rows.filter((row, index) => index !== this.#from && row.top + row.height / 2 < middle).length;
    for (const [index, { element }] of this.#rows.entries()) {
      let shift = 0;
      if (index === this.#from) shift = offset;
      else if (index > this.#from && index <= this.#to) shift = -moving.height;
      else if (index < this.#from && index >= this.#to) shift = moving.height;
      element.style.transform = shift === 0 ? '' : `translateY(${shift}px)`;
    }
  }
}
