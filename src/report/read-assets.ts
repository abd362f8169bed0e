import { readFile } from 'node:fs/promises';
import { OutputError } from '../domain/errors.ts';
import type { ReportAssets } from './render-html.ts';

const FOLDER = new URL('../../dist/assets/', import.meta.url);

/**
 * The bundled page of the report.
 * @throws OutputError if it was not built
 */
export async function readAssets(folder: URL = FOLDER): Promise<ReportAssets> {
  try {
    const [script, styles] = await Promise.all(
      ['report.js', 'report.css'].map((name) => readFile(new URL(name, folder), 'utf8')),
    );
    return { script: script!, styles: styles! };
  } catch (error) {
    throw new OutputError(`Cannot read the page of the report: ${(error as Error).message}.`, {
      hint: 'Build it with "npm run build", or install winnow again.',
      cause: error,
    });
  }
}
