import { beforeAll, describe, expect, test } from 'vitest';
import { report } from '../../src/report/report.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { CampaignLab } from '../campaign/campaign-lab.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const home = temporaryFolder();
const MEGABYTE = 2 ** 20;
/** Length of fields that many records have. */
const LONG = 2 ** 17;
const SCRIPT = '</script><img src=x onerror=alert(1)>';
const RECORDS = 12;

/** A record as JSON, because some of its fields cannot be in an object literal. */
function record(number: number): string {
  const instruction = JSON.stringify(
    ['\ud800 half', 'a megabyte '.repeat(MEGABYTE / 11), `${SCRIPT} \u001b[2J\u202E`, '\u0000\u200b'][number % 4] +
      ` of number ${number}`,
  );
  const fields = {
    id: [`\udc00 ${number}`, `${'i'.repeat(LONG)}${number}`, `${SCRIPT}${number}`, `__proto__${number}`][number % 4],
    constructor: number % 2 === 0 ? 'even' : 'odd',
    hasOwnProperty: [SCRIPT, '\u202E\u0000', 'x'.repeat(LONG)][number % 3],
    size: `${number * 1000}.5`,
    code: `00${number}`,
    huge: 1.7e308 * (number % 2 === 0 ? 1 : -1),
    deep: { list: [number] },
    [`\ud800 name ${'n'.repeat(LONG)}`]: number % 2,
  };
  return `{"instruction":${instruction},"__proto__":${number % 3},${JSON.stringify(fields).slice(1)}`;
}

describe('a pool of hostile records', () => {
  let data: ReportData;
  beforeAll(async () => {
    const lab = new CampaignLab(home, 'hostile', {
      pool: { files: ['pool.jsonl'], dedupeThreshold: 0 },
      labels: { heldOutShare: 0 },
      rounds: { most: 1, seed: { strategy: 'random', count: RECORDS } },
    });
    lab.write('pool.jsonl', Array.from({ length: RECORDS }, (_, number) => record(number)).join('\n'));
    await lab.work(async (campaign) => {
      await campaign.run();
      const annotator = `ann ${SCRIPT} \u202E${'z'.repeat(LONG)}`;
      await campaign.importLabels(lab.annotate(1, () => ({ response: SCRIPT, annotator })));
    });
    data = await report(lab.folder, lab.options);
  });

  test('has a report of all its records, as small as other reports', () => {
    expect(data.headline).toMatchObject({ instructions: RECORDS, picked: RECORDS, labeled: RECORDS });
    expect(data.map!.position).toHaveLength(RECORDS);
    expect(JSON.stringify(data).length).toBeLessThan(60_000);
    expect(data.odd.longest[0]!.measure).toBeGreaterThan(MEGABYTE - 20);
  });

  test('has clean texts of limited length', () => {
    const { map, odd, picks, peopleQuality } = data;
    const fields = map!.fields.flatMap((field) => [field.name, ...(field.kind === 'words' ? field.values : [])]);
    const items = [...odd.longest, ...odd.strangest].flatMap(({ id, excerpt }) => [id, excerpt]);
    const lines = picks.flatMap(({ id, excerpt, reason, annotators }) => [id, excerpt, reason, ...annotators]);
    const people = peopleQuality.map(({ annotator }) => annotator!);
    const texts = [...map!.excerpt, ...map!.clusters.map(({ name }) => name), ...fields, ...items, ...lines, ...people];
    expect(people).toHaveLength(1);
    for (const text of texts) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(text.length).toBeLessThanOrEqual(200);
    }
    // Markup is kept, because the page shows it as text.
    expect(texts.filter((text) => text.startsWith(SCRIPT)).length).toBeGreaterThan(RECORDS / 4);
  });

  test('can be colored by fields with names such as __proto__ and by numbers in quotes, but not by objects', () => {
    const { fields, position } = data.map!;
    const byName = new Map(fields.map((field) => [field.name, field]));
    expect(byName.get('__proto__')).toMatchObject({ kind: 'numbers', of: position.map((number) => number % 3) });
    expect(byName.get('constructor')).toMatchObject({ kind: 'words', values: ['even', 'odd'] });
    expect(byName.get('hasOwnProperty')).toMatchObject({
      values: [SCRIPT, `${'x'.repeat(59)}…`],
      of: position.map((number) => [0, null, 1][number % 3]),
    });
    expect(byName.get('size')).toMatchObject({ kind: 'numbers', of: position.map((number) => number * 1000 + 0.5) });
    expect(byName.get('code')).toMatchObject({ kind: 'words' });
    expect(byName.get('huge')).toMatchObject({ kind: 'numbers' });
    expect(byName.has('deep')).toBe(false);
    expect([...byName.keys()].filter((name) => name.startsWith('\ufffd name nnn'))).toHaveLength(1);
  });
});
