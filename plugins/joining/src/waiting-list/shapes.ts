import { languages } from '@ilearn/core';
import { z } from 'zod';
import { sandboxNumber } from '../sandbox-number.js';
import { functions, mostSchools } from './rows.js';

/** One line of text without control characters. */
export const words = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}*$/u, 'must be one line without control characters');

/** Text of one or more lines, or none. */
export const lines = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^[\P{Cc}\r\n\t]*$/u, 'must not contain control characters');

export const email = z.email().max(254);
export const instellingsnummer = z.string().regex(/^[0-9]{6}$/, 'has six digits');
const ofSchool = instellingsnummer.refine((number) => number !== sandboxNumber, 'is the number of no school');
/** In answers. */
export const entrySchool = z.object({ number: z.string(), name: z.string() });
export const token = z.string().regex(/^[\w.-]{1,200}$/);
export const language = z.enum(languages);

const contact = {
  givenName: words(100),
  familyName: words(100),
  email,
  function: z.enum(functions),
  remark: lines(2_000).default(''),
  language: language.default('nl'),
};

/** Number that occurs twice, or undefined. */
const twice = (schools: readonly { number: string }[]): number =>
  schools.findIndex(({ number }, at) => schools.findIndex((each) => each.number === number) < at);

export const newRequest = z
  .strictObject({
    kind: z.enum(['school', 'group']),
    groupName: words(200).nullable().default(null),
    schools: z
      .array(z.strictObject({ number: ofSchool, name: words(200) }))
      .min(1)
      .max(mostSchools),
    ...contact,
  })
  .superRefine(({ kind, groupName, schools }, { addIssue }) => {
    if ((kind === 'group') !== (groupName !== null)) {
      addIssue({ code: 'custom', path: ['groupName'], message: 'is for a school group, and only for one' });
    }
    if (kind === 'school' && schools.length > 1) {
      addIssue({ code: 'custom', path: ['schools'], message: 'is one for a school; a school group may have several' });
    }
    const at = twice(schools);
    if (at >= 0) addIssue({ code: 'custom', path: ['schools', at, 'number'], message: 'occurs twice' });
  });
