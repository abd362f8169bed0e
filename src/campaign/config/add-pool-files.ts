import { isMap, isSeq, parseDocument } from 'yaml';
import { ConfigError } from '../../domain/errors.ts';

/** A file as `pool.files` has it: its path, or with how it is read. */
export type AddedFile = string | { readonly path: string; readonly [setting: string]: unknown };

/**
 * Adds files to `pool.files` of a winnow.yaml, which keeps its comments and its order. Files that are listed already are left
 * as they are. Pure.
 * @returns the new text and the paths that were added
 * @throws ConfigError where the file has no list of pool files
 */
export function addPoolFiles(text: string, files: readonly AddedFile[]): { text: string; added: readonly string[] } {
  const document = parseDocument(text);
  const list = document.getIn(['pool', 'files']);
  if (!isSeq(list)) throw new ConfigError('winnow.yaml has no list of files under pool.files.', { hint: 'Add one.' });
  const known = new Set(list.items.map((item) => String(isMap(item) ? item.get('path') : item)));
  const added = files.filter((file) => !known.has(pathOf(file)));
  for (const file of added) list.add(document.createNode(file));
  return { text: added.length === 0 ? text : document.toString({ lineWidth: 0 }), added: added.map(pathOf) };
}

function pathOf(file: AddedFile): string {
  return typeof file === 'string' ? file : file.path;
}
