import type { Embedded } from './media.js';
import { type LearningObject, type ReadObject, workOf } from './objects.js';

/** Maximum nesting of embedded objects, and maximum number of embedded objects in one text. */
const deepest = 5;
const mostEmbedded = 200;

/** Why a text is not embedded. `ofOuter`: the reason is in the embedding object. */
interface Refusal {
  text: string;
  ofOuter: boolean;
}

const absent: Refusal = { text: 'it was not imported', ofOuter: false };

/**
 * Replaces references to other objects by their texts. If that is not possible, keeps the words of the reference and adds a remark with the
 * reason: the object is missing, has another audience, contains itself, or makes the text too long.
 *
 * @param objects the newest version of each object, by {@link workOf}
 * @param longest maximum length of the resulting text in characters
 */
export function assemble(
  object: ReadObject,
  objects: ReadonlyMap<string, ReadObject>,
  longest: number,
): { object: LearningObject; remarks: string[] } {
  const remarks = new Set<string>();
  let embedded = 0;
  let length = 0;

  const left = ({ identity, words }: Embedded, of: ReadObject, { text, ofOuter }: Refusal): string => {
    // Otherwise the reason is reported for the inner object.
    if (of === object || ofOuter) {
      remarks.add(`object ${identity} is not shown, its text is kept: ${text}`);
    }
    return words;
  };
  const textOf = (of: ReadObject, above: readonly ReadObject[]): string =>
    of.parts
      .map((part) => {
        if (typeof part === 'string') {
          length += part.length;
          return part;
        }
        const inner = objects.get(workOf(part.identity));
        if (inner === undefined) return left(part, of, absent);
        const why = refusal(inner, [...above, of]);
        if (why !== null) return left(part, of, why);
        embedded += 1;
        const text = textOf(inner, [...above, of]).trim();
        const { language } = inner.record;
        return language === object.record.language ? `\n\n${text}\n\n` : `\n\n<div lang="${language}">\n\n${text}\n\n</div>\n\n`;
      })
      .join('');

  const refusal = (inner: ReadObject, above: readonly ReadObject[]): Refusal | null => {
    const holder = above.at(-1);
    if (inner === holder) return { text: 'it contains itself', ofOuter: false };
    const ofOuter = (text: string): Refusal => ({ text, ofOuter: true });
    if (above.includes(inner)) return ofOuter(`${holder?.identity}, which it contains, contains it`);
    if (above.length > deepest) return ofOuter(`it is nested deeper than ${deepest} objects`);
    if (inner.record.teacherOnly && !object.record.teacherOnly)
      return ofOuter('it is for teachers only, and this text is for pupils');
    if (!inner.record.available && object.record.available) return ofOuter('its maker has not made it available');
    if (embedded >= mostEmbedded) return ofOuter(`more than ${mostEmbedded} objects in one`);
    if (length + inner.length > longest) return ofOuter(`the text would be longer than ${longest} characters`);
    return null;
  };

  const markdown = textOf(object, []).trim();
  const { file, identity, version, record } = object;
  return {
    object: { file, identity, version, record: { ...record, content: { kind: 'text', markdown } } },
    remarks: [...remarks],
  };
}
