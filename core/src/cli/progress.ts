import cliProgress from 'cli-progress';
import type { Progress } from '../contract/work.js';

/** Shows a bar on a terminal; otherwise one line for each tenth, so that logs stay readable. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? new ProgressBar(stream) : new ProgressLines(stream);
}

class ProgressBar implements Progress {
  #bar: cliProgress.SingleBar | null = null;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  start(label: string, total: number): void {
    this.#bar = new cliProgress.SingleBar(
      { format: `${label} {bar} {value}/{total}`, stream: this.stream, hideCursor: true },
      cliProgress.Presets.rect,
    );
    this.#bar.start(total, 0);
  }
  advance(by = 1): void {
    this.#bar?.increment(by);
  }
  stop(): void {
    this.#bar?.stop();
  }
}

class ProgressLines implements Progress {
  #label = '';
  #total = 0;
  #done = 0;
  #told = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  start(label: string, total: number): void {
    this.#label = label;
    this.#total = total;
    this.#done = 0;
    this.#told = 0;
  }
  advance(by = 1): void {
    this.#done += by;
    const tenth = this.#total === 0 ? 10 : Math.floor((this.#done / this.#total) * 10);
    if (tenth <= this.#told) return;
    this.#told = tenth;
    this.stream.write(`${this.#label} ${this.#done}/${this.#total}\n`);
  }
  stop(): void {
    this.#told = 10;
  }
}
