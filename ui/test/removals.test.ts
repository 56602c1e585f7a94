import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** DELETE requests that remove nothing a person made or may miss. */
const removesNothing: Record<string, string> = {
  'kernel /session': 'signs out; the reader signs in again',
  'academy /my-calendar': 'ends the address of a calendar; the same button makes another',
  'helpdesk /tickets/:id/participants/:participant': 'the field beside it adds the colleague again',
  'helpdesk /tickets/:id/presence': 'says that the helper looks at it no more',
  'library /activities/:id/rating': 'takes back one’s own opinion, which can be given again',
  'login /classes/:id/pupils/:pupil/badge': 'ends a badge, also a lost one; the button beside it makes another',
  'login /classes/:id/pupils/:pupil/pictures': 'the child chooses three pictures at the next use of the badge',
  'lti /registrations/pending/:id': 'refuses a tool that asked to be registered; it can ask again',
  'privacy /people/:id/restriction': 'ends a restriction; the same form sets it again',
  'privacy /own/objections/:purpose': 'withdraws an objection; the same button makes it again',
  'privacy /people/:id/objections/:purpose': 'withdraws an objection; the same button makes it again',
  'privacy /incidents/:id/people/:person': 'the search beside the list adds the person again',
  'signIn /waiting/:id': 'refuses an account; it waits again at its next sign-in',
  'myway /paths/:id/publication': 'takes a publication back; the path can be published again',
};

/** Sources of pages: those of the shell and of each plugin, without tests and built files. */
async function sources(): Promise<{ file: string; text: string }[]> {
  const folders = ['ui/src', ...(await readdir(join(root, 'plugins'))).map((name) => `plugins/${name}/src`)];
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true }).catch(() => []))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    ),
  );
  return Promise.all(files.flat().map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })));
}

/** Methods and functions of a class or module, by name; found by their indentation, which the formatter keeps. */
function methodsOf(text: string): Map<string, string> {
  const parts = text.split(
    /\n(?= {0,2}(?:override |private |readonly |export )*(?:async )?(?:function )?#?[\w$]+(?:<[^>]*>)?\()/,
  );
  return new Map(parts.map((part) => [/#?([\w$]+)(?:<[^>]*>)?\(/.exec(part)?.[1] ?? '', part]));
}

/** The methods that a method calls. */
const calledBy = (method: string, methods: Map<string, string>): Set<string> =>
  new Set([...method.matchAll(/this\.#(\w+)\(/g)].flatMap((match) => methods.get(match[1] as string) ?? []));

test('ux 9: whatever a page removes can be put back, or is asked about first', async () => {
  const found: string[] = [];
  const unprotected: string[] = [];
  for (const { file, text } of await sources()) {
    const methods = methodsOf(text);
    for (const [name, method] of methods) {
      for (const [, client, path] of method.matchAll(/(\w+)\.delete\(\s*['`](\/[^'`]+)['`]/g)) {
        const route = `${client} ${path}`;
        found.push(route);
        if (route in removesNothing) continue;
        // The act itself, the methods that lead to it, or those that it calls.
        const leading = [...methods.values()].filter((other) => new RegExp(`#?\\b${name}\\(`).test(other));
        const called = calledBy(method, methods);
        for (const other of called) for (const further of calledBy(other, methods)) if (called.size < 50) called.add(further);
        if (![method, ...leading, ...called].some((each) => /confirmDialog\(|removed\(/.test(each)))
          unprotected.push(`${file}: ${route}`);
      }
    }
  }
  expect(found.length).toBeGreaterThanOrEqual(10);
  expect(Object.keys(removesNothing).filter((route) => !found.includes(route))).toEqual([]);
  expect(unprotected).toEqual([]);
});
