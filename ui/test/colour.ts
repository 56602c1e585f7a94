/** Colour arithmetic for the tests of the palette. Colours are `#rrggbb`. */

type Triple = readonly [number, number, number];

const channels = (hex: string): Triple =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as unknown as Triple;

const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);

const toLinear = (hex: string): Triple => channels(hex).map(linear) as unknown as Triple;

const times = (m: readonly Triple[], v: Triple): Triple =>
  m.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Triple;

/** WCAG 2.2 contrast ratio. */
export function contrast(a: string, b: string): number {
  const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], toLinear(hex))[0];
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
export const VISION: Readonly<Record<'normal' | 'protanopia' | 'deuteranopia' | 'tritanopia', readonly Triple[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function oklab(rgb: Triple): Triple {
  const lms = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map((c) => Math.cbrt(Math.max(0, c))) as unknown as Triple;
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    lms,
  );
}

/** Distance in OKLab × 100, as someone with this vision sees the two colours; about 2 is just noticeable. */
export function difference(a: string, b: string, vision: keyof typeof VISION = 'normal'): number {
  const see = (hex: string) => oklab(times(VISION[vision], toLinear(hex)));
  const [x, y] = [see(a), see(b)];
  return 100 * Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]);
}

/** Hue in degrees and chroma in OKLCH: red is about 29, orange 55, magenta 330. */
export function tint(hex: string): { hue: number; chroma: number } {
  const [, a, b] = oklab(toLinear(hex));
  return { hue: ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360, chroma: Math.hypot(a, b) };
}
