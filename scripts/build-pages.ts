// Bundles the pages that run in a browser, each into one script and one style sheet: dist/assets/<page>.{js,css}.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { annotate: 'src/annotate/page/main.tsx', report: 'src/report/page/main.tsx' },
  outdir: 'dist/assets',
  bundle: true,
  minify: true,
  // Nothing is loaded later: the report is one file, and the annotation page works offline.
  format: 'iife',
  platform: 'browser',
  target: ['chrome109', 'firefox115', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});
// For the notices of bundle-program.ts.
writeFileSync(`${root}dist/assets/inputs.json`, JSON.stringify(Object.keys(metafile.inputs)));
