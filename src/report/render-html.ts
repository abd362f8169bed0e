import { createHash } from 'node:crypto';
import type { ReportData } from './report-data.ts';

/** The bundled script and style sheet of the page. */
export interface ReportAssets {
  readonly script: string;
  readonly styles: string;
}

/** Identifies a report, which may be replaced without asking. */
const MARK = '<meta name="generator" content="winnow report">';
/** The mark is within this many characters from the start of the file. */
export const MARKED_WITHIN = 400;

/**
 * A report as one self-contained HTML file with script, styles and data. Its content security policy allows no other
 * scripts and no requests. The same data and assets give the same file.
 *
 * Texts of the pool are in the JSON, with characters that are special in HTML escaped. The page shows them as text.
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
<noscript><p>This report needs JavaScript. Allow scripts for this file, or have the report written as JSON to see the
figures.</p></noscript>
<script type="application/json" id="report-data">${escapeJson(JSON.stringify(data))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Whether a file is a report. @param beginning its first `MARKED_WITHIN` characters, or more */
export function isReport(beginning: string): boolean {
  return beginning.slice(0, MARKED_WITHIN).includes(MARK);
}

function hashOf(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

function escapeHtml(text: string): string {
  return text.toWellFormed().replace(/[&<>"'\0]/g, (character) => `&#${character.charCodeAt(0) || 0xfffd};`);
}

/** The same JSON without characters that are special in HTML or end a line of a script. */
function escapeJson(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
