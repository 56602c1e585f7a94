import { type ReactiveController, type ReactiveControllerHost, render } from 'lit';

/**
 * What a page prints, where paper needs another form than the screen: a wide table in parts, a list without controls. The sheet is rendered
 * when printing begins, because a second form of a large page would slow it down, and removed afterwards. Its host must use `sharedStyles`,
 * which show only elements of class `print-sheet` on paper.
 */
export class PrintSheet implements ReactiveController {
  #sheet: HTMLElement | undefined;

  /** @param template what to print now; undefined prints the page as it is on the screen */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly template: () => unknown,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('beforeprint', this.#begin);
    addEventListener('afterprint', this.#end);
  }

  hostDisconnected(): void {
    removeEventListener('beforeprint', this.#begin);
    removeEventListener('afterprint', this.#end);
    this.#end();
  }

  // The browser lays the paper out as soon as its listeners return, so Lit's asynchronous updates would come too late.
  readonly #begin = (): void => {
    this.#end();
    const content = this.template();
    const root = this.host.shadowRoot;
    if (content === undefined || root === null) return;
    this.#sheet = document.createElement('div');
    this.#sheet.className = 'print-sheet';
    render(content, this.#sheet, { host: this.host });
    root.prepend(this.#sheet);
    this.host.setAttribute('data-sheet', '');
  };

  readonly #end = (): void => {
    this.#sheet?.remove();
    this.#sheet = undefined;
    this.host.removeAttribute('data-sheet');
  };
}
