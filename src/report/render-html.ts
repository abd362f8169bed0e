import { createHash } from 'node:crypto';
import type { ReportData } from './report-data.ts';

/** The page's script and style sheet, as they were bundled. */
export interface ReportAssets {
  readonly script: string;
  readonly styles: string;
}

/** Stands in every report, and in nothing else: what may be replaced without asking. */
const MARK = '<meta name="generator" content="winnow report">';
/** The mark is among so many characters from the beginning. */
export const MARKED_WITHIN = 400;

/**
 * A report as one HTML file that needs nothing else: script, styles and figures are in it, and its content security
 * policy allows no others and no request at all. The same data and assets give the same file.
 *
 * Texts of the pool are in it as JSON, in which no character can end the element around it; the page shows them as text.
 */
export function renderReport(data: ReportData, { script, styles }: ReportAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(styles)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${MARK}
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(data.campaign.name)} – winnow report</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<div id="report"></div>
<noscript><p>This report draws itself with a script that is part of this file. Allow scripts for it, or print the figures
with "winnow report --json".</p></noscript>
<script type="application/json" id="report-data">${escapeJson(JSON.stringify(data))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** @param beginning of a file, at least `MARKED_WITHIN` characters where it has so many */
export function isReport(beginning: string): boolean {
  return beginning.slice(0, MARKED_WITHIN).includes(MARK);
}

function hashOf(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

function escapeHtml(text: string): string {
  return text.toWellFormed().replace(/[&<>"'\0]/g, (character) => `&#${character.charCodeAt(0) || 0xfffd};`);
}

/** The same JSON without a character that means something to HTML or ends a line of a script. */
function escapeJson(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
