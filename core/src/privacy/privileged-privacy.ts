import { readAffected } from '../audit/read-affected.js';
import { readAudit } from '../audit/read-audit.js';
import { currentFrame, type Frame } from '../context/frame.js';
import type { Principal } from '../contract/principal.js';
import type {
  Affected,
  AffectedQuery,
  AuditEntry,
  AuditQuery,
  Choices,
  Consent,
  ErasedRows,
  ErasureStatus,
  ExportFile,
  ExportStatus,
  Mention,
  MentionPage,
  Privacy as PrivacyService,
  ReadAccess,
  ReadableRegister,
  RestrictionGround,
} from '../contract/privacy.js';
import { conflict, forbidden } from '../contract/problem.js';
import type { PortalPurpose } from '../contract/purpose.js';
import { mayObject } from '../foundation/purposes.js';
import { choicesOfPerson, endDecision, recordConsent, recordObjection, recordRestriction } from './choices/choices.js';
import type { Asked } from './export/exports.js';
import { findMentions, readMention, replaceMention } from './free-text/mentions.js';
import type { SoughtName } from './free-text/names.js';
import { checkedId } from './person-id.js';
import type { Privacy } from './privacy.js';
import { languageOf, PrivacyTexts } from './privacy-texts.js';
import { readAccessOf } from './register/read-access.js';
import { readableRegister } from './register/readable-register.js';
import { registerPage } from './register/register-page.js';

const PAGE = 50;

/** The privileged service `privacy`: limited to the caller's tenants, and recorded in the audit log. */
export class PrivilegedPrivacy implements PrivacyService {
  constructor(
    private readonly plugin: string,
    private readonly privacy: Privacy,
  ) {}

  async export(personId: string, language?: string): Promise<ExportStatus> {
    const frame = await this.#noted('export', personId);
    frame.unit.afterCommit(() => this.privacy.makeExports());
    return this.privacy.exports.request(frame.unit, askedIn(frame, personId), languageOf(language));
  }

  async exportStatus(personId: string): Promise<ExportStatus | null> {
    const frame = currentFrame(this.plugin);
    return this.privacy.exports.status(frame.unit, askedIn(frame, personId));
  }

  async exportFile(personId: string): Promise<ExportFile | null> {
    const frame = currentFrame(this.plugin);
    const file = await this.privacy.exports.file(frame.unit, askedIn(frame, personId));
    if (file !== null) await this.#noted('export file', personId);
    return file;
  }

  async held(personId: string): Promise<{ plugin: string; table: string }[]> {
    const { principal } = currentFrame(this.plugin);
    const own = principal.kind === 'person' && principal.id === personId;
    if (!own) this.#wholePortal();
    return this.privacy.held(own ? currentFrame(this.plugin) : await this.#noted('held', personId), personId);
  }

  async erasable(personId: string, language?: string): Promise<(ErasedRows & { title: string })[]> {
    this.#wholePortal();
    const rows = await this.privacy.erasable(await this.#noted('erasable', personId), personId);
    const texts = new PrivacyTexts(languageOf(language));
    return rows.map((row) => {
      const plugin = this.privacy.pluginOf(row.plugin);
      return { ...row, title: `${texts.ofPlugin(plugin)}: ${texts.ofTable(plugin, row.table)}` };
    });
  }

  async erase(personId: string): Promise<ErasureStatus> {
    this.#wholePortal();
    return this.privacy.erase(await this.#noted('erase', personId), personId);
  }

  async status(erasureId: string): Promise<ErasureStatus | null> {
    return this.privacy.erasures.status(this.#wholePortal().unit, erasureId);
  }

  async erasures(): Promise<ErasureStatus[]> {
    return this.privacy.erasures.list(this.#wholePortal().unit);
  }

  async audit(personId: string, { since, until, before, limit = PAGE, language }: AuditQuery = {}): Promise<AuditEntry[]> {
    const frame = currentFrame(this.plugin);
    const { unit, principal } = frame;
    const id = checkedId(personId);
    const search = {
      id,
      role: 'any',
      tenants: principal.tenants,
      since: since ?? null,
      until: until ?? null,
      before: before ?? null,
      limit,
    } as const;
    const lines = await readAudit(unit, search);
    await this.#noted('audit', personId);
    const texts = new PrivacyTexts(languageOf(language));
    return lines.map(({ id, at, actorKind, actor, plugin, route }) => ({
      ...{ id, at, actorKind, actor, plugin, route },
      summary: this.privacy.summaryOf(plugin, route),
      doing: texts.ofDoing(this.privacy.pluginOf(plugin), { plugin, route }),
    }));
  }

  async purposes(language?: string): Promise<PortalPurpose[]> {
    const texts = new PrivacyTexts(languageOf(language));
    return [...this.privacy.purposes()].map(([id, purpose]) => {
      const plugin = this.privacy.pluginOf(purpose.declaredBy);
      const { special = null } = purpose;
      const [name, why] = [texts.ofPurpose(plugin, id, 'name'), texts.ofPurpose(plugin, id, 'why')];
      const people = texts.ofPurpose(plugin, id, 'people');
      return { ...purpose, id, special, objection: mayObject(purpose), name, why, people };
    });
  }

  async choices(personId: string): Promise<Choices> {
    const frame = currentFrame(this.plugin);
    const own = frame.principal.kind === 'person' && frame.principal.id === personId;
    if (!own) await this.#noted('choices', personId);
    return choicesOfPerson(frame.unit, checkedId(personId));
  }

  async object(personId: string, purpose: string): Promise<void> {
    if (this.privacy.choiceOf(purpose) !== 'objection') {
      throw conflict('no-objection', 'Nobody can object to this purpose: the portal has it not, or the law requires it.');
    }
    const { unit, principal } = await this.#noted('object', personId);
    await recordObjection(unit, checkedId(personId), purpose, actorOf(principal));
  }

  async withdrawObjection(personId: string, purpose: string): Promise<boolean> {
    const { unit, principal } = await this.#noted('withdraw objection', personId);
    return endDecision(unit, 'objections', checkedId(personId), purpose, actorOf(principal));
  }

  async restrict(personId: string, ground: RestrictionGround): Promise<void> {
    const { unit, principal } = await this.#noted('restrict', personId);
    await recordRestriction(unit, checkedId(personId), ground, actorOf(principal));
  }

  async endRestriction(personId: string): Promise<boolean> {
    const { unit, principal } = await this.#noted('end restriction', personId);
    return endDecision(unit, 'restrictions', checkedId(personId), null, actorOf(principal));
  }

  async giveConsent(
    personId: string,
    { about = '', ...consent }: Pick<Consent, 'purpose' | 'version' | 'textHash' | 'givenAs'> & { about?: string },
  ): Promise<void> {
    if (this.privacy.choiceOf(consent.purpose) !== 'consent') {
      throw conflict('no-consent', 'This purpose is not based on consent, so there is nothing to consent to.');
    }
    const { unit, principal } = await this.#noted('give consent', personId);
    await recordConsent(unit, checkedId(personId), { ...consent, about }, actorOf(principal));
  }

  async withdrawConsent(personId: string, purpose: string, about = ''): Promise<boolean> {
    const { unit, principal } = await this.#noted('withdraw consent', personId);
    return endDecision(unit, 'consents', checkedId(personId), purpose, actorOf(principal), about);
  }

  async findMentions(name: SoughtName, from: number): Promise<MentionPage> {
    const { unit } = this.#wholePortal();
    return findMentions(unit, await this.privacy.plugins(unit), name, from);
  }

  async readMentions(mentions: readonly Mention[], language?: string): Promise<({ text: string; title: string } | null)[]> {
    const { unit } = this.#wholePortal();
    const plugins = await this.privacy.plugins(unit);
    const texts = new PrivacyTexts(languageOf(language));
    const found: ({ text: string; title: string } | null)[] = [];
    for (const mention of mentions) {
      const text = await readMention(unit, plugins, mention);
      const plugin = this.privacy.pluginOf(mention.plugin);
      found.push(text === null ? null : { text, title: `${texts.ofPlugin(plugin)}: ${texts.ofTable(plugin, mention.table)}` });
    }
    return found;
  }

  async replaceMention(mention: Mention, name: SoughtName, by: string): Promise<boolean> {
    const { unit } = this.#wholePortal();
    return replaceMention(unit, await this.privacy.plugins(unit), mention, name, by);
  }

  async affected(query: AffectedQuery, language?: string): Promise<Affected> {
    const { unit, principal } = currentFrame(this.plugin);
    const { ids, more, routes } = await readAffected(unit, principal.tenants, query);
    const texts = new PrivacyTexts(languageOf(language));
    const described = routes.map(({ plugin, route, times }) => ({
      ...{ route, times },
      doing: texts.ofDoing(this.privacy.pluginOf(plugin), { plugin, route }),
    }));
    return { ids, more, routes: described };
  }

  async register(language?: string): Promise<ReadableRegister> {
    const { register, plugins } = await this.privacy.register(currentFrame(this.plugin).unit);
    return readableRegister(register, plugins, languageOf(language));
  }

  async registerPage(language?: string): Promise<string> {
    const chosen = languageOf(language);
    return registerPage(await this.register(chosen), chosen);
  }

  async readAccess(language?: string): Promise<ReadAccess> {
    return readAccessOf(this.privacy.pluginsInService(), new PrivacyTexts(languageOf(language)));
  }

  async #noted(doing: string, personId: string): Promise<Frame> {
    const frame = currentFrame(this.plugin);
    await this.privacy.note(frame, `${this.plugin}: ${doing}`, checkedId(personId));
    return frame;
  }

  /** @throws Problem 403 for callers who act only for some tenants, because a person may belong to others too */
  #wholePortal(): Frame {
    const frame = currentFrame(this.plugin);
    if (frame.principal.tenants !== '*')
      throw forbidden('This affects every tenant of a person: only those who act for the whole portal may ask for it.');
    return frame;
  }
}

const actorOf = ({ kind, id }: Principal): string | null => (kind === 'person' ? id : null);

const askedIn = ({ principal }: Frame, personId: string): Asked => ({
  person: checkedId(personId),
  by: actorOf(principal),
  tenants: principal.tenants,
});
