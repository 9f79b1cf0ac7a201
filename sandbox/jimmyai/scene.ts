import { pick, type Random } from './random.ts';

interface Palette {
  sky: readonly [top: string, middle: string, horizon: string];
  sun: string;
  far: string;
  near: string;
  stars: boolean;
}

const PALETTES: readonly Palette[] = [
  { sky: ['#2b2d5b', '#f08a6b', '#ffe0b5'], sun: '#fff3d6', far: '#c493a8', near: '#1f1a3d', stars: false },
  { sky: ['#1b1f4b', '#8b4c8c', '#f9a27c'], sun: '#ffd9a0', far: '#a06a9a', near: '#150f2e', stars: true },
  { sky: ['#3d7fc4', '#a9d5ee', '#f7f3df'], sun: '#ffffff', far: '#9cc3d5', near: '#123844', stars: false },
  { sky: ['#4f8a83', '#bfdcc0', '#fbf5d6'], sun: '#fffbe6', far: '#9fc2a6', near: '#0f2f2a', stars: false },
  { sky: ['#070b24', '#1d2f6f', '#6f83c8'], sun: '#eef2ff', far: '#4a5fa8', near: '#060a1c', stars: true },
  { sky: ['#b6503f', '#f2a65a', '#fdeecb'], sun: '#fff7e0', far: '#dd9a70', near: '#41182a', stars: false },
];

const RIDGES = 6;
/** The steps of a ridge's outline. */
const STEPS = 512;

interface Canvas {
  width: number;
  height: number;
  /** The picture's width in pixels: nothing is drawn that is too fine for them. */
  pixelWidth: number;
}

/** A landscape of mountain ridges under a sun or moon, as SVG elements; it differs with every run of `random`. */
export function drawScene(canvas: Canvas, random: Random): string {
  const palette = pick(random, PALETTES);
  return [
    drawSky(canvas, palette),
    palette.stars ? drawStars(canvas, random) : '',
    drawSun(canvas, palette, random),
    drawBirds(canvas, palette, random),
    ...Array.from({ length: RIDGES }, (_, index) => drawRidge(canvas, palette, random, index)),
  ].join('');
}

function drawSky({ width, height }: Canvas, { sky: [top, middle, horizon] }: Palette): string {
  return `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${top}"/><stop offset=".4" stop-color="${middle}"/>
    <stop offset=".65" stop-color="${horizon}"/></linearGradient><rect width="${width}" height="${height}" fill="url(#sky)"/>`;
}

// `fill-opacity` instead of `opacity`, for which librsvg composes the whole canvas again for each element.
function drawStars({ width, height }: Canvas, random: Random): string {
  return Array.from({ length: 90 }, () => {
    const depth = random();
    const [x, y] = [random() * width, depth * height * 0.4];
    return `<circle cx="${x}" cy="${y}" r="${0.8 + random() * 1.6}" fill="#fff" fill-opacity="${0.9 - depth * 0.7}"/>`;
  }).join('');
}

function drawSun({ width, height }: Canvas, { sun }: Palette, random: Random): string {
  const [x, y, radius] = [
    width * (0.25 + 0.5 * random()),
    height * (0.24 + 0.12 * random()),
    50 + 45 * random(),
  ];
  return `<radialGradient id="glow"><stop stop-color="${sun}" stop-opacity=".75"/>
    <stop offset=".35" stop-color="${sun}" stop-opacity=".22"/><stop offset=".65" stop-color="${sun}" stop-opacity=".06"/><stop offset="1" stop-color="${sun}" stop-opacity="0"/></radialGradient>
    <circle cx="${x}" cy="${y}" r="${radius * 5}" fill="url(#glow)"/><circle cx="${x}" cy="${y}" r="${radius}" fill="${sun}"/>`;
}

function drawBirds({ width, height }: Canvas, { near }: Palette, random: Random): string {
  const [x, y] = [width * (0.2 + 0.5 * random()), height * (0.2 + 0.1 * random())];
  return Array.from({ length: 5 }, (_, index) => {
    const [wing, left, top] = [9 + 7 * random(), x + index * 34 + 14 * random(), y + 46 * random()];
    return `<path d="M${left} ${top}q${wing * 0.6} ${-wing * 0.7} ${wing} 0q${wing * 0.4} ${-wing * 0.7} ${wing} 0"
      fill="none" stroke="${near}" stroke-width="2.5" stroke-linecap="round" stroke-opacity=".65"/>`;
  }).join('');
}

/** Ridges with a higher index are nearer: lower, darker and smoother, and the nearest has trees. */
function drawRidge(canvas: Canvas, palette: Palette, random: Random, index: number): string {
  const { width, height, pixelWidth } = canvas;
  const nearness = index / (RIDGES - 1);
  const base = height * (0.5 + 0.34 * nearness);
  const roughness = 0.52 - 0.06 * nearness;
  const outline = displaceMidpoints(random, 150 - 60 * nearness, roughness)
    .map((offset, step) => [(step / STEPS) * width, base + offset] as const)
    .filter((_, step) => step % stepsPerPixel(pixelWidth) === 0);
  const color = mix(palette.far, palette.near, nearness ** 0.9);
  const mist = mix(color, palette.sky[2], 0.45 * (1 - nearness));
  const trees = index === RIDGES - 1 ? outline.map(([x, y]) => drawTree(x, y, random)).join('') : '';
  return `<linearGradient id="ridge${index}" x2="0" y2="1"><stop stop-color="${color}"/><stop offset=".8" stop-color="${mist}"/></linearGradient>
    <path d="M0 ${height}L${outline.map((point) => point.join(' ')).join('L')}L${width} ${height}Z" fill="url(#ridge${index})"/>
    <path d="${trees}" fill="${color}"/>`;
}

/** A power of two, so that each outline ends with its last step. */
function stepsPerPixel(pixelWidth: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(STEPS / pixelWidth)));
}

function drawTree(x: number, y: number, random: Random): string {
  const [tall, half] = [18 + 34 * random(), 6 + 4 * random()];
  return `M${x - half} ${y + 6}L${x} ${y - tall}L${x + half} ${y + 6}Z`;
}

/** A jagged line as offsets from its mean: midpoint displacement, which each round reduces by `roughness`. */
function displaceMidpoints(random: Random, height: number, roughness: number): number[] {
  let line = Array.from({ length: 5 }, () => (random() - 0.5) * height);
  for (let spread = height * roughness; line.length <= STEPS; spread *= roughness) {
    line = line.flatMap((offset, index) => {
      const next = line[index + 1];
      return next === undefined ? [offset] : [offset, (offset + next) / 2 + (random() - 0.5) * spread];
    });
  }
  return line;
}

function mix(from: string, to: string, share: number): string {
  const channel = (color: string, index: number) =>
    Number.parseInt(color.slice(1 + 2 * index, 3 + 2 * index), 16);
  const channels = [0, 1, 2].map((index) =>
    Math.round(channel(from, index) * (1 - share) + channel(to, index) * share)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${channels.join('')}`;
}
