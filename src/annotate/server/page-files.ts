import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { WebError } from '../../domain/errors.ts';

/** A file that the server sends. None of them contains data of a campaign. */
interface PageFile {
  readonly type: string;
  readonly content: string;
  /** Hash of the content, quoted. */
  readonly etag: string;
}

/** By path. A request never causes a file to be read. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** A seedling with two leaves. */
const ICON = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">',
  '<path d="M16 29V15" stroke="#2f6f4f" stroke-width="3" stroke-linecap="round"/>',
  '<path d="M16 17C5 17 4 8 4 4c8 0 12 4 12 13Z" fill="#4f9d73"/><path d="M16 21c9 0 12-5 12-12-7 0-12 3-12 12Z" fill="#2f6f4f"/>',
  '</svg>',
].join('');

const SHELL = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>winnow annotate</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<link rel="stylesheet" href="/annotate.css">
<script src="/annotate.js" defer></script>
</head>
<body>
<noscript>This page needs JavaScript. All of it comes from this server.</noscript>
</body>
</html>
`;

const ASSETS = new URL('../../../dist/assets/', import.meta.url);

/**
 * Reads all files of the page.
 * @param assets the folder of the bundles
 * @throws WebError PAGE_MISSING if the bundles were not built
 */
export function readPageFiles(assets: URL = ASSETS): PageFiles {
  const shell = pageFile('text/html; charset=utf-8', SHELL);
  return new Map([
    ['/', shell],
    // The same page shows the lead's view here.
    ['/lead', shell],
    ['/annotate.js', pageFile('text/javascript; charset=utf-8', readAsset(assets, 'annotate.js'))],
    ['/annotate.css', pageFile('text/css; charset=utf-8', readAsset(assets, 'annotate.css'))],
  ]);
}

function pageFile(type: string, content: string): PageFile {
  return { type, content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` };
}

function readAsset(assets: URL, name: string): string {
  try {
    return readFileSync(new URL(name, assets), 'utf8');
  } catch (cause) {
    throw new WebError('PAGE_MISSING', `The page's ${name} is missing.`, {
      hint: 'Build winnow first: npm run build.',
      cause,
    });
  }
}
