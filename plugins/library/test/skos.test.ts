import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Concept } from '../src/curriculum/model.js';
import { readSkos } from '../src/curriculum/skos.js';
import { decodeTurtle, parseTurtle } from '../src/curriculum/turtle.js';
import { curriculum, inUse, k, prefixes, realData, v } from './fixtures.js';

const read = async (...texts: string[]) => {
  const quads = await Promise.all(texts.map((text, n) => parseTurtle({ name: `${n}.ttl`, text })));
  return readSkos(quads.flat());
};
const conceptOf = async (text: string, name: string): Promise<Concept> =>
  (await read(text)).schemes.flatMap(({ concepts }) => concepts).find(({ uri }) => uri === v(name)) as Concept;

describe('SKOS', () => {
  it('reads labels, relations in both directions, notation and icon', async () => {
    expect(await conceptOf(curriculum, 'wiskunde')).toMatchObject({
      label: 'wiskunde',
      icon: 'wiskunde.svg',
      narrower: [v('getallen')],
      broader: [],
    });
    expect(await conceptOf(curriculum, 'getallen')).toMatchObject({
      notation: 'W1',
      broader: [v('wiskunde')],
      narrower: [v('breuken')],
    });
    expect((await conceptOf(curriculum, 'breuken')).related).toEqual([v('doel-1.2-77')]);
  });

  it('reads SKOS-XL labels like plain ones', async () => {
    expect((await conceptOf(curriculum, 'breuken')).labels).toContainEqual({ kind: 'short', value: '1/2', language: 'nl' });
    const xl = `${prefixes} v:_scheme a skos:ConceptScheme . v:x a skos:Concept ; skos:inScheme v:_scheme ; skosxl:prefLabel [ skosxl:literalForm "ster"@nl ] .`;
    expect((await conceptOf(xl, 'x')).label).toBe('ster');
  });

  it('shows the description of a goal whose preferred label only repeats its address', async () => {
    expect((await conceptOf(curriculum, 'doel-1.2-77')).label).toBe('1.2 De leerlingen delen eerlijk.');
  });

  it('merges statements of several files', async () => {
    const [kolommen] = (await read(curriculum, inUse)).schemes;
    expect(kolommen?.collections.find(({ uri }) => uri === k('onderdelen'))).toMatchObject({
      ordered: true,
      inUseBy: ['myway'],
      members: [v('getallen'), v('breuken')],
    });
  });

  it('accepts relations that form a circle or point to themselves', async () => {
    const circle = `${prefixes} v:_scheme a skos:ConceptScheme .
      v:a a skos:Concept ; skos:inScheme v:_scheme ; skos:broader v:b, v:a .
      v:b a skos:Concept ; skos:inScheme v:_scheme ; skos:broader v:a .`;
    expect(await conceptOf(circle, 'a')).toMatchObject({ broader: [v('b')], narrower: [v('b')] });
  });

  it('reports what it leaves out and why', async () => {
    const { schemes, leftOut } = await read(`${prefixes} v:_scheme a skos:ConceptScheme .
      v:ok a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "goed"@nl, "  "@nl ; skos:related v:weg ; v:kleur "rood", "blauw" .
      v:los a skos:Concept ; skos:prefLabel "los"@nl .
      <relatief> a skos:Concept ; skos:inScheme v:_scheme .
      v:zaak skos:prefLabel "zaak"@nl .
      v:groep a skos:Collection ; skos:inScheme v:_scheme ; skos:member v:ok, v:weg .`);
    expect(schemes.flatMap(({ concepts }) => concepts.map(({ uri }) => uri))).toEqual([v('ok')]);
    const lines = leftOut.map(({ count, what, why, examples }) => `${count} ${what}: ${why}: ${examples.join()}`);
    expect(lines).toEqual(
      expect.arrayContaining([
        `1 concept: it is in no scheme of these files; say which with skos:inScheme: ${v('los')}`,
        '1 concept: its address is not absolute, or longer than 1000 characters: relatief',
        `1 skos:related: it points to a concept that these files do not define: ${v('weg')}`,
        `1 skos:member: it is not a concept of these files: ${v('weg')}`,
        `2 ${v('kleur')} statement: the library has no use for this property: ${v('kleur')}`,
        `1 label: it is empty, longer than 2000 characters, or contains a NUL character or half of a surrogate pair: ${v('ok')}`,
        `1 resource: these files do not say that it is a skos:Concept, skos:Collection or skos:ConceptScheme: ${v('zaak')}`,
      ]),
    );
  });

  it('yields to others while it reads a large scheme', { timeout: 60_000 }, async () => {
    const concepts = Array.from(
      { length: 10_000 },
      (_, n) =>
        `v:c${n} a skos:Concept ; skos:inScheme v:_scheme ; skos:prefLabel "concept ${n} 🙂"@nl ; skos:broader v:c${n % 100} .`,
    );
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);
    const { schemes } = await read(`${prefixes} v:_scheme a skos:ConceptScheme .\n${concepts.join('\n')}`);
    clearInterval(others);
    expect(schemes[0]?.concepts).toHaveLength(10_000);
    expect(schemes[0]?.concepts.every(({ label }) => label.endsWith('🙂'))).toBe(true);
    expect(turns).toBeGreaterThan(20);
  });

  it('keeps the hash that an earlier import stored', async () => {
    const { schemes } = await read(curriculum);
    for (const { hash, ...content } of schemes) {
      expect(hash).toBe(createHash('sha256').update(JSON.stringify(content)).digest('hex'));
    }
  });
});

const describeReal = realData === null ? () => {} : describe;

describeReal('the schemes that MyWay used (shared data)', () => {
  const texts = (realData?.skos ?? []).map((path) => readFileSync(path));

  it('are read completely: as many concepts as a count in the text finds', async () => {
    const { schemes, leftOut } = await read(...texts.map((bytes, n) => decodeTurtle(`${n}.ttl`, bytes).text));
    const text = texts.map((bytes) => bytes.toString('utf8')).join('\n');
    const declared = (type: string) =>
      new Set([...text.matchAll(new RegExp(`^(\\S+) a skos:${type}[ ,;.]`, 'gm'))].map(([, subject]) => subject)).size;
    const concepts = schemes.flatMap((scheme) => scheme.concepts);
    expect(concepts).toHaveLength(declared('Concept'));
    expect(schemes).toHaveLength(declared('ConceptScheme'));
    expect(concepts.length + schemes.length).toBe(2578);
    expect(schemes.flatMap((scheme) => scheme.collections)).toHaveLength(declared('Collection'));
    expect(concepts.filter(({ label }) => label === '' || /^(sec|basis)-/.test(label))).toEqual([]);
    expect(leftOut.map(({ what }) => what)).not.toContain('concept');
  });
});

if (realData === null) {
  it('used the small curriculum only, because the shared data are missing', () => expect(realData).toBeNull());
}
