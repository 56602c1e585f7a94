import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { learningAreaOf } from '../src/curriculum/learning-area.js';

const base = 'http://ilearn.ilabt.imec.be/vocab/';
const concept = (name: string, broader: string[] = [], label = name) => ({
  uri: base + name,
  label,
  ancestors: [name, ...broader].map((each) => base + each),
});
const areaOf = (...concepts: ReturnType<typeof concept>[]) => learningAreaOf(concepts);

describe('the learning area of an activity', () => {
  it('ux 11: is that of its concepts, whichever comes first, and not that of its goals, keywords and years', () => {
    const numbers = concept('curr2/s-getallen', ['curr2/l-wiskunde'], 'getallen');
    const rest = [
      concept('tref2/hoofdrekenen'),
      concept('onddoel/basis-lager-1.13-3218912525'),
      concept('curr2/x', [], '3e leerjaar'),
    ];
    expect(areaOf(numbers, ...rest)).toBe('wiskunde');
    expect(areaOf(...rest.toReversed(), numbers)).toBe('wiskunde');
    expect(areaOf(concept('curr2/s-lezen', ['curr2/l-nederlands'], 'lezen'), concept('tref2/fictie'))).toBe('nederlands');
  });

  it.each([
    ['curr2/s-beweging', ['curr2/l-muzische-vorming'], 'muzische-vorming'],
    ['curr1/s-wiskunde-algebra-analyse', ['curr1/c-stem'], 'wiskunde'],
    ['curr1/s-biologie', ['curr1/c-duurzaamheid', 'curr1/c-stem'], 'wereldorientatie'],
    ['curr1/s-mediawijsheid', ['curr1/c-digitale-competenties-en-mediawijsheid'], 'ict'],
    ['curr1/s-leren-leren', ['curr1/c-leercompetenties', 'curr1/c-zelfbewustzijn'], 'leren-leren'],
    ['vak/frans', [], 'talen'],
    ['vak/natuurwetenschappen', [], 'wereldorientatie'],
    ['vak/lichamelijke-opvoeding', [], 'lichamelijke-opvoeding'],
    ['curr2/l-sociale-vaardigheden', [], 'sociale-vaardigheden'],
  ])('%s is in %s: %s', (name, broader, area) => {
    expect(areaOf(concept(name, broader))).toBe(area);
  });

  it('is named by the label where the URI has no words, and is the same for all concepts of an unknown subject', () => {
    expect(learningAreaOf([{ uri: 'https://example.org/17', label: 'Nederlands', ancestors: [] }])).toBe('nederlands');
    const ships = ['zeilen', 'roeien'].map((name) => areaOf(concept(`varen/s-${name}`, ['varen/l-scheepvaart'])));
    expect(ships).toEqual(['scheepvaart', 'scheepvaart']);
    expect(areaOf()).toBeNull();
    expect(areaOf(concept('tref2/optellen'), concept('structuur/lager-3e-leerjaar'))).toBeNull();
  });

  it('does not depend on the order of the concepts, and takes any text', () => {
    const any = fc.record({ uri: fc.string(), label: fc.string(), ancestors: fc.array(fc.string()) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), (concepts) => {
        expect(learningAreaOf(concepts.toReversed())).toBe(learningAreaOf(concepts));
      }),
      { examples: [[[{ uri: 'https://x/%E0%A4%A', label: '', ancestors: [] }]]] },
    );
  });
});
