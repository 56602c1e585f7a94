import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { TelemetrySettings } from '../config/telemetry-settings.js';
import { failureOf } from '../context/span.js';
import type { Logger } from '../contract/services.js';

const TIMEOUT_MS = 5_000;
const TRIES = 3;
const BACKOFF_MS = 500;
const MOST_WAIT_MS = 5_000;
/** OTLP specification 1.x, "OTLP/HTTP Response", retryable response codes. */
const retried = [429, 502, 503, 504];
const compress = promisify(gzip);

/** Posts OTLP requests as compressed JSON. What the collector does not take after a few tries is dropped. */
export class OtlpSender {
  readonly #ending = new AbortController();
  /** Requests dropped since the collector last took one. */
  #failures = 0;

  constructor(
    private readonly settings: Pick<TelemetrySettings, 'endpoint' | 'headers'>,
    private readonly log: Logger,
  ) {}

  /** Aborts what is under way. */
  end(): void {
    this.#ending.abort();
  }

  async send(signal: 'traces' | 'metrics', content: object): Promise<void> {
    const body = await compress(JSON.stringify(content));
    let cause = 'stopped';
    for (let attempt = 0; attempt < TRIES && !this.#ending.signal.aborted; attempt += 1) {
      const outcome = await this.#post(signal, body);
      if (outcome === null) return this.#worked();
      cause = outcome.cause;
      if (!outcome.again) break;
      const wait = Math.min(outcome.waitMs ?? BACKOFF_MS * 2 ** attempt, MOST_WAIT_MS);
      await sleep(wait, undefined, { signal: this.#ending.signal }).catch(() => {});
    }
    this.#failed(signal, cause);
  }

  /** Null if it was taken. */
  async #post(signal: string, body: Uint8Array<ArrayBuffer>): Promise<{ cause: string; again: boolean; waitMs?: number } | null> {
    const { endpoint, headers } = this.settings;
    try {
      const answer = await fetch(`${endpoint}/v1/${signal}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-encoding': 'gzip' },
        body,
        redirect: 'error',
        signal: AbortSignal.any([this.#ending.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await answer.body?.cancel();
      if (answer.ok) return null;
      const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
      const waitMs = Number.isFinite(seconds) && seconds >= 0 ? { waitMs: seconds * 1_000 } : {};
      return { cause: `status ${answer.status}`, again: retried.includes(answer.status), ...waitMs };
    } catch (error) {
      return { cause: failureOf((error as { cause?: unknown }).cause ?? error), again: true };
    }
  }

  /** One line for an outage, whatever its length. */
  #failed(signal: string, cause: string): void {
    this.#failures++;
    const remedy = 'Check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS; the portal goes on without it.';
    if (this.#failures === 1) this.log.warn({ signal, cause, remedy }, 'the collector of telemetry does not take it');
  }

  #worked(): void {
    if (this.#failures > 0) this.log.info({ dropped: this.#failures }, 'the collector of telemetry takes it again');
    this.#failures = 0;
  }
}
