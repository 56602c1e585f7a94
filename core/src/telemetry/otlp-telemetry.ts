import { hostname } from 'node:os';
import type { TelemetrySettings } from '../config/telemetry-settings.js';
import { type MetricFamily, type Span, type SpanSink, type Telemetry, Tracer } from '../context/span.js';
import type { Logger } from '../contract/services.js';
import { KERNEL_VERSION } from '../foundation/version.js';
import { encodeMetrics } from './encode-metrics.js';
import { encodeSpans, type Source } from './encode-spans.js';
import { OtlpSender } from './otlp-sender.js';

const TRACES_MS = 2_000;
/** Spans that wait to be sent. Further ones are dropped: a collector that is away must not fill the memory. */
const MOST_SPANS = 4_096;
const BATCH = 512;
const STOP_MS = 3_000;

/** Sends spans and metrics to a collector. If it cannot be reached, they are dropped; the portal is not affected. */
export class OtlpTelemetry implements Telemetry, SpanSink {
  readonly tracer: Tracer | null;
  readonly #sender: OtlpSender;
  readonly #source: Source;
  readonly #startedAt = performance.timeOrigin;
  readonly #timers: NodeJS.Timeout[] = [];
  #spans: Span[] = [];
  #dropped = 0;
  #read: (() => Promise<readonly MetricFamily[]>) | null = null;
  #sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: TelemetrySettings,
    private readonly log: Logger,
  ) {
    const { traces, ratio, serviceName, resource } = settings;
    this.#sender = new OtlpSender(settings, log);
    const instance = `${hostname()}:${process.pid}`;
    const own = { 'service.name': serviceName, 'service.version': KERNEL_VERSION, 'service.instance.id': instance };
    this.#source = { resource: { ...own, ...resource }, version: KERNEL_VERSION };
    this.tracer = traces ? new Tracer(this, ratio) : null;
    if (traces) this.#every(TRACES_MS, () => this.#sendSpans());
  }

  put(span: Span): void {
    if (this.#spans.length < MOST_SPANS) this.#spans.push(span);
    else this.#dropped++;
  }

  measure(read: () => Promise<readonly MetricFamily[]>): void {
    if (!this.settings.metrics) return;
    this.#read = read;
    this.#every(this.settings.intervalMs, () => this.#sendMetrics());
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const late = setTimeout(() => this.#sender.end(), STOP_MS);
    await this.#sending;
    await this.#sendSpans();
    await this.#sendMetrics();
    clearTimeout(late);
    this.#sender.end();
  }

  /** One sending after another, so that a slow collector does not gather connections. */
  #every(ms: number, send: () => Promise<void>): void {
    let waits = false;
    const timer = setInterval(() => {
      if (waits) return;
      waits = true;
      this.#sending = this.#sending.then(() => {
        waits = false;
        return send();
      });
    }, ms).unref();
    this.#timers.push(timer);
  }

  async #sendSpans(): Promise<void> {
    while (this.#spans.length > 0) {
      const batch = this.#spans.splice(0, BATCH);
      await this.#sender.send('traces', encodeSpans(batch, this.#source));
    }
    if (this.#dropped === 0) return;
    const remedy = 'Lower OTEL_TRACES_SAMPLER_ARG, or give the collector more room.';
    this.log.warn({ spans: this.#dropped, remedy }, 'spans dropped: more than the collector takes');
    this.#dropped = 0;
  }

  async #sendMetrics(): Promise<void> {
    const families = await this.#read?.().catch(() => null);
    if (families != null) await this.#sender.send('metrics', encodeMetrics(families, this.#source, this.#startedAt));
  }
}
