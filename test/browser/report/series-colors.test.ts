import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Triple = readonly [number, number, number];

/** Color vision deficiencies as matrices over linear RGB. Source: Machado, Oliveira, Fernandes 2009, severity 1. */
const VISION: Readonly<Record<string, readonly Triple[]>> = {
  'with normal vision': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'with protanopia': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  'with deuteranopia': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'with tritanopia': [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};
/** CIE76. A difference of about 2 is just noticeable. */
const LEAST_DIFFERENCE = 10;
const LEAST_CONTRAST = 3;

const styles = [
  new URL('../../../src/annotate/page/theme.css', import.meta.url),
  new URL('../../../src/report/page/report.css', import.meta.url),
].map((path) => readFileSync(path, 'utf8'));

/** The values of a property in the light and in the dark theme. */
function inThemes(name: string): string[] {
  return styles.flatMap((style) =>
    [...style.matchAll(new RegExp(`--${name}: (#\\w+);`, 'g'))].map(([, color]) => color!),
  );
}

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('the colors of series in the %s theme', (_, theme) => {
  const colors = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => linear(inThemes(`series-${number}`)[theme]!));
  const ground = linear(inThemes('ground')[theme]!);

  it('have enough contrast with the background', () => {
    for (const color of colors) expect(contrast(color, ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  it.each(Object.keys(VISION))('are distinct %s', (vision) => {
    const seen = colors.map((color) =>
      lab(VISION[vision]!.map((row) => clamped(dot(row, color))) as unknown as Triple),
    );
    const differences = seen.flatMap((one, index) =>
      seen.slice(0, index).map((other) => Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])),
    );
    expect(differences).toHaveLength(28);
    expect(Math.min(...differences)).toBeGreaterThan(LEAST_DIFFERENCE);
  });
});

function linear(color: string): Triple {
  const [, ...channels] = /^#(..)(..)(..)$/.exec(color)!;
  return channels.map((channel) => {
    const value = Number.parseInt(channel, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function contrast(a: Triple, b: Triple): number {
  const [dark, light] = [a, b].map((color) => dot([0.2126, 0.7152, 0.0722], color)).sort((x, y) => x - y) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/** CIELAB under D65. */
function lab(color: Triple): Triple {
  const [x, y, z] = [
    dot([0.4124564, 0.3575761, 0.1804375], color) / 0.95047,
    dot([0.2126729, 0.7151522, 0.072175], color),
    dot([0.0193339, 0.119192, 0.9503041], color) / 1.08883,
  ].map((value) => (value > 0.008856 ? Math.cbrt(value) : 7.787 * value + 16 / 116)) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
