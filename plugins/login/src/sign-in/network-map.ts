import { html, svg, type TemplateResult } from 'lit';

type Point = readonly [x: number, y: number];

interface Track {
  /** Line colour of the portal, 1 to 8. */
  color: number;
  /** Points of an SVG polyline: `x,y x,y`. */
  points: string;
}

interface Stop {
  at: Point;
  /** Message key below `signIn.map`; without it, a small station without a name. */
  name?: string;
  /** Side on which the name is shown. */
  side?: 'left' | 'right';
  /** Whether several lines meet here. */
  interchange?: boolean;
}

const tracks: readonly Track[] = [
  { color: 4, points: '-40,170 120,170 230,280 230,470 330,570 330,900' },
  { color: 2, points: '70,-40 70,390 150,470 490,470 570,390 570,-40' },
  { color: 3, points: '-40,660 140,660 418,382 418,212 530,100 700,100' },
  { color: 5, points: '-40,730 130,730 230,630 700,630' },
  { color: 1, points: '300,-40 300,100 404,204 404,398 476,470 476,540 560,624 560,900' },
];

const stops: readonly Stop[] = [
  { at: [70, 170], interchange: true },
  { at: [70, 300], name: 'nature', side: 'right' },
  { at: [230, 350], name: 'reading', side: 'right' },
  { at: [230, 470], interchange: true },
  { at: [300, 60], name: 'arithmetic', side: 'left' },
  { at: [411, 300], name: 'coding', side: 'left', interchange: true },
  { at: [330, 470] },
  { at: [476, 470], interchange: true },
  { at: [570, 250], name: 'music', side: 'left' },
  { at: [570, 100], interchange: true },
  { at: [476, 540], name: 'french', side: 'right' },
  { at: [330, 630], interchange: true },
  { at: [200, 600], name: 'world', side: 'left' },
  { at: [560, 630], interchange: true },
];

/** A polyline with rounded corners. */
function roundedPath(polyline: string, radius: number): string {
  const points = polyline.split(' ').map((pair) => pair.split(',').map(Number) as unknown as Point);
  return points
    .map((point, index) => {
      const before = points[index - 1];
      const after = points[index + 1];
      if (before === undefined) return `M${point}`;
      if (after === undefined) return `L${point}`;
      return `L${towards(point, before, radius)}Q${point} ${towards(point, after, radius)}`;
    })
    .join('');
}

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const share = Math.min(0.5, distance / length);
  return [Math.round(from[0] + (to[0] - from[0]) * share), Math.round(from[1] + (to[1] - from[1]) * share)];
}

/** The picture of the sign-in page: a network of learning paths. Decorative, so hidden from screen readers. */
export function networkMap(text: (key: string) => string): TemplateResult {
  return html`
    <svg class="network" viewBox="0 0 640 840" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      ${tracks.map(({ color, points }) => svg`<path class="line-${color}" d=${roundedPath(points, 44)}></path>`)}
      ${stops.map(({ at: [x, y], interchange, name, side }) => [
        svg`<circle class=${interchange ? 'interchange' : 'stop'} cx=${x} cy=${y} r=${interchange ? 13 : 8}></circle>`,
        name === undefined
          ? ''
          : svg`<text x=${side === 'left' ? x - 26 : x + 26} y=${y + 6} text-anchor=${side === 'left' ? 'end' : 'start'}>${text(name)}</text>`,
      ])}
    </svg>
  `;
}
