/** A stretch of a mail's text. The texts of all stretches in order are the whole mail: nothing is cut. */
export interface Stretch {
  text: string;
  /** What was quoted from an earlier mail, or a signature: shown folded. */
  folded: boolean;
}

const quoted = /^\s{0,3}[>|]/;
/** The line above a quote, in the languages of our users: "Op ma 3 nov 2026 om 10:42 schreef An <an@…>:". */
const attribution = /^(?:op|on|le|am|il)\b.{4,300}\b(?:schreef|wrote|a écrit|schrieb|ha scritto)\b.{0,200}:\s*$/i;
/** Headers of an earlier mail that Outlook writes above it. */
const outlook = /^(?:van|from|de|von)\s?:\s?.+$/i;
const outlookNext = /^(?:verzonden|sent|envoyé|gesendet|datum|date|aan|to|à|an)\s?:\s?.*$/i;
const separator =
  /^\s*(?:-{2,}\s*(?:oorspronkelijk bericht|original message|message d'origine|ursprüngliche nachricht|doorgestuurd bericht|forwarded message)\s*-{2,}|_{10,})\s*$/i;

/**
 * Divides a plain text into what is new and what is quoted. Answers between quotes stay visible. A header block of Outlook folds all that
 * follows; but if nothing visible would remain, nothing is folded: then the answer stands where it was not expected.
 */
export function stretchesOf(text: string): Stretch[] {
  const lines = text.split(/(?<=\n)/);
  const folds = lines.map(() => false);
  let rest = false;
  lines.forEach((line, at) => {
    const next = lines.slice(at + 1, at + 4);
    if (!rest && separator.test(line) && next.some((each) => outlook.test(each.trim()))) rest = true;
    if (!rest && outlook.test(line.trim()) && next.filter((each) => outlookNext.test(each.trim())).length >= 2) rest = true;
    const isAttribution = attribution.test(`${line.trim()}`) || attribution.test(`${line.trim()} ${next[0]?.trim() ?? ''}`);
    const follows = lines.slice(at + 1, at + 4).some((each) => quoted.test(each));
    folds[at] = rest || quoted.test(line) || (isAttribution && follows);
    // The second line of an attribution that was wrapped.
    if (folds[at] && isAttribution && !attribution.test(line.trim()) && at + 1 < lines.length) folds[at + 1] = true;
  });
  // Lines that a wrapped attribution marked are overwritten by their own turn above; mark them again.
  lines.forEach((line, at) => {
    const joined = `${line.trim()} ${lines[at + 1]?.trim() ?? ''}`;
    if (folds[at] && !quoted.test(line) && attribution.test(joined) && !attribution.test(line.trim())) folds[at + 1] = true;
  });
  const visible = lines.filter((_, at) => !folds[at]).join('');
  if (visible.trim().length < 2) return text === '' ? [] : [{ text, folded: false }];
  const stretches: Stretch[] = [];
  lines.forEach((line, at) => {
    const last = stretches.at(-1);
    // Empty lines belong to what stands before them.
    const folded = line.trim() === '' && last !== undefined ? last.folded : (folds[at] as boolean);
    if (last?.folded === folded) last.text += line;
    else stretches.push({ text: line, folded });
  });
  return stretches;
}
