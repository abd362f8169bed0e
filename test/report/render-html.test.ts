import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAssets } from '../../src/report/read-assets.ts';
import { isReport, MARKED_WITHIN, renderReport } from '../../src/report/render-html.ts';
import type { ReportData } from '../../src/report/report-data.ts';
import { EMPTY_REPORT } from '../browser/report/empty-report.ts';

const ASSETS = { script: 'console.log("<p>")', styles: 'p { color: red }' };

function named(name: string): ReportData {
  return { ...EMPTY_REPORT, campaign: { ...EMPTY_REPORT.campaign, name }, notes: [name] };
}

function dataIn(html: string): ReportData {
  const json = /<script type="application\/json" id="report-data">([^<]*)<\/script>/.exec(html)?.[1];
  return JSON.parse(json!);
}

describe('the file of a report', () => {
  it('embeds its data safely and without changes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom(
            '</script><script>alert(1)</script>',
            '<!--<script>',
            ']]>',
            '&lt;',
            '\u2028\u2029\0',
            '\ud800',
          ),
        ),
        (text) => {
          const html = renderReport(named(text), ASSETS);
          expect(dataIn(html).notes[0]!.toWellFormed()).toBe(text.toWellFormed());
          expect(html.match(/<script/g)).toHaveLength(2);
          expect(html.match(/<title>[^<]*<\/title>/g)).toHaveLength(1);
          expect(/id="report-data">(.*)</.exec(html)?.[1]).not.toMatch(/[\u2028\u2029]/);
        },
      ),
    );
  });

  it('allows only its own script and styles, by their hashes', () => {
    const html = renderReport(EMPTY_REPORT, ASSETS);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(ASSETS.script)}`,
      `style-src ${hash(ASSETS.styles)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(html).not.toMatch(/\son\w+=|style="|src=|href="(?!data:)/);
  });

  it('is the same each time', () => {
    expect(renderReport(EMPTY_REPORT, ASSETS)).toBe(renderReport(structuredClone(EMPTY_REPORT), ASSETS));
  });

  it('is recognized as a report by its beginning, and other files are not', () => {
    const html = renderReport(named('x'.repeat(10_000)), ASSETS);
    expect(isReport(html.slice(0, MARKED_WITHIN))).toBe(true);
    expect(isReport('<!doctype html><title>winnow report</title>')).toBe(false);
    expect(isReport('')).toBe(false);
  });
});

it('a missing page is an error that says how to build it', async () => {
  await expect(readAssets(new URL('file:///nowhere/'))).rejects.toMatchObject({
    code: 'OUTPUT',
    hint: expect.stringContaining('npm run build'),
  });
});
