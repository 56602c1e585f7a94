import type { Embedded } from './media.js';
import { type LearningObject, type ReadObject, workOf } from './objects.js';

/** Objects within each other, and in one object together. */
const deepest = 5;
const mostEmbedded = 200;

/** Why a text is not put in; `ofOuter`: it depends on the object that it would be put into. */
interface Refusal {
  text: string;
  ofOuter: boolean;
}

const absent: Refusal = { text: 'it was not imported', ofOuter: false };

/**
 * Puts the texts of other objects where an object names them. Where that cannot be, the words for it stay and a remark says why: the
 * object is not there, is not for those who read this one, would hold itself, or makes the text too long.
 *
 * @param objects the newest of each, by {@link workOf}
 * @param longest characters of a whole text
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
    // What holds wherever the inner object stands is said of that object.
    if (of === object || ofOuter) {
      remarks.add(`object ${identity} is not shown in its place, the words for it are kept: ${text}`);
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
    if (inner === holder) return { text: 'it shows itself', ofOuter: false };
    const ofOuter = (text: string): Refusal => ({ text, ofOuter: true });
    if (above.includes(inner)) return ofOuter(`${holder?.identity}, which it holds, shows it in turn`);
    if (above.length > deepest) return ofOuter(`it lies deeper than ${deepest} objects within each other`);
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
