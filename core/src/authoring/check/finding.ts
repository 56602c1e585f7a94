import type { Finding } from '../../foundation/diagnosis.js';

/** Findings about one plugin, in the order of the checks. */
export class Findings {
  readonly list: Finding[] = [];

  passed(check: string, message: string): void {
    this.list.push({ check, state: 'passed', message });
  }

  failed(check: string, message: string, remedy: string): void {
    this.list.push({ check, state: 'failed', message, remedy });
  }

  skipped(check: string, message: string, remedy?: string): void {
    this.list.push({ check, state: 'skipped', message, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** Records `message` if this check has not failed. */
  passedUnlessFailed(check: string, message: string): void {
    if (!this.hasFailed(check)) this.passed(check, message);
  }

  hasFailed(check?: string): boolean {
    return this.list.some((finding) => finding.state === 'failed' && (check === undefined || finding.check === check));
  }
}
