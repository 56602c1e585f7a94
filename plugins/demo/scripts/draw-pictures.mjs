// Draws the pictures of the demonstration's texts: node plugins/demo/scripts/draw-pictures.mjs
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const paper = '#fffdf7';
const ink = '#22303c';
const soft = '#d9e2e8';
const yellow = '#f4c542';
const blue = '#3a7ca5';
const red = '#c8553d';

const [width, height] = [640, 260];
const svg = (content) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" stroke-linejoin="round" stroke-linecap="round">
  <rect width="100%" height="100%" rx="12" fill="${paper}"/>${content}</svg>`;
const line = (points, more = '') => `<polyline points="${points}" fill="none" stroke="${ink}" stroke-width="5" ${more}/>`;

/** A round of 8 parts, of which the first three are apart. */
function pizza() {
  const point = (part, radius) => {
    const angle = (part / 8) * 2 * Math.PI - Math.PI / 2;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  };
  const parts = Array.from({ length: 8 }, (_, part) => {
    const eaten = part < 3;
    const [dx, dy] = eaten ? point(1.5, 26) : [0, 0];
    const [x1, y1] = point(part, 100);
    const [x2, y2] = point(part + 1, 100);
    const [x, y] = [320 + dx, 132 + dy];
    return `<path d="M${x} ${y} l${x1} ${y1} A100 100 0 0 1 ${x + x2} ${y + y2} Z" fill="${eaten ? yellow : soft}" stroke="${ink}" stroke-width="4"/>`;
  });
  return svg(parts.join(''));
}

/** Three strips of the same length: 1 of 2, 2 of 4 and 4 of 8 coloured. */
function strips() {
  const strip = (parts, y) =>
    Array.from({ length: parts }, (_, at) => {
      const each = 520 / parts;
      const fill = at < parts / 2 ? blue : soft;
      return `<rect x="${60 + at * each}" y="${y}" width="${each}" height="48" fill="${fill}" stroke="${ink}" stroke-width="4"/>`;
    }).join('');
  return svg(strip(2, 36) + strip(4, 106) + strip(8, 176));
}

/** Sections of a sheet: flat, U, harmonica and tube. */
function shapes() {
  const flat = line('40,150 150,150');
  const u = line('200,100 200,150 300,150 300,100');
  const harmonica = line('350,150 370,100 390,150 410,100 430,150 450,100 470,150');
  const tube = `<circle cx="560" cy="125" r="34" fill="none" stroke="${ink}" stroke-width="5"/>`;
  const opening = `<path d="M20 190 h600" stroke="${red}" stroke-width="4" stroke-dasharray="2 12"/>`;
  return svg(flat + u + harmonica + tube + opening);
}

/** A balance: two boxes and 3 kg on the left, 11 kg on the right. */
function balance() {
  const text = (x, y, words, size = 26) =>
    `<text x="${x}" y="${y}" font-family="DejaVu Sans, sans-serif" font-size="${size}" font-weight="bold" text-anchor="middle" fill="${ink}">${words}</text>`;
  const box = (x) =>
    `<rect x="${x}" y="72" width="62" height="62" fill="${yellow}" stroke="${ink}" stroke-width="4"/>${text(x + 31, 113, 'x', 30)}`;
  const weight = (x, w, words) =>
    `<rect x="${x}" y="84" width="${w}" height="50" rx="8" fill="${blue}" stroke="${ink}" stroke-width="4"/><text x="${x + w / 2}" y="117" font-family="DejaVu Sans, sans-serif" font-size="22" font-weight="bold" text-anchor="middle" fill="${paper}">${words}</text>`;
  const pans = line('50,136 290,136') + line('350,136 590,136');
  const beam =
    line('170,136 170,176 470,176 470,136') +
    `<path d="M320 176 l-36 60 h72 Z" fill="${soft}" stroke="${ink}" stroke-width="5"/>`;
  return svg(box(62) + box(132) + weight(204, 74, '3 kg') + weight(400, 140, '11 kg') + pans + beam);
}

/** A beam bridge, an arch bridge and a suspension bridge. */
function bridges() {
  const deck = (x) => line(`${x},150 ${x + 170},150`);
  const beam = deck(30) + line('60,150 60,210') + line('115,150 115,210') + line('170,150 170,210');
  const arch = `${deck(235)}<path d="M245 210 Q320 60 395 210" fill="none" stroke="${red}" stroke-width="6"/>`;
  const hangers = Array.from({ length: 7 }, (_, at) => {
    const x = 482 + at * 16;
    const y = 84 + (1 - ((at - 3) / 4) ** 2) * 50;
    return `<path d="M${x} ${y} V150" stroke="${ink}" stroke-width="2"/>`;
  }).join('');
  const cable = `<path d="M440 150 L466 70 Q530 190 594 70 L612 150" fill="none" stroke="${blue}" stroke-width="5"/>`;
  const suspension = deck(440) + line('466,70 466,210') + line('594,70 594,210') + cable + hangers;
  const water = `<path d="M20 224 h600" stroke="${blue}" stroke-width="4" stroke-dasharray="30 14"/>`;
  return svg(beam + arch + suspension + water);
}

const pictures = {
  'breuken/pizza': pizza(),
  'breuken/stroken': strips(),
  'brug/vormen': shapes(),
  'brug/bruggen': bridges(),
  'vergelijkingen/weegschaal': balance(),
};
for (const [name, picture] of Object.entries(pictures)) {
  const file = fileURLToPath(new URL(`../data/paths/${name}.webp`, import.meta.url));
  await sharp(Buffer.from(picture)).webp({ lossless: true, effort: 6 }).toFile(file);
}
