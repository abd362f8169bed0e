import { z } from 'zod';
import { PoolError } from '../../domain/errors.ts';
import { isPattern, patternExpression } from '../path-pattern.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const dataFiles = z.union([
  oneOrMore.transform((paths) => [{ split: 'train', path: paths }]),
  z.array(z.looseObject({ split: z.string(), path: oneOrMore })),
]);
const configs = z.array(
  z.looseObject({ config_name: z.string(), default: z.boolean().optional(), data_files: dataFiles.optional() }),
);

/** A configuration that the card of a data set declares. Source: https://huggingface.co/docs/hub/datasets-manual-configuration */
interface HubConfig {
  readonly name: string;
  readonly isDefault: boolean;
  readonly splits: readonly { readonly split: string; readonly path: readonly string[] }[];
}

/** Texts beside data files are about the data. */
const TEXT = /\.(?:md|txt)(?:\.(?:gz|zst))?$/i;

/**
 * The files of a data set that the end of an address stands for: nothing (the default configuration, all splits), a file,
 * folder or pattern in the repository, or `config`, `split` or `config/split`, by the card or by the names of the files.
 * @param paths of all files in it that can be read
 * @throws PoolError that lists what there is
 */
export function chooseHubFiles(name: string, rest: string, paths: readonly string[], card: unknown): readonly string[] {
  const data = paths.some((path) => !TEXT.test(path)) ? paths.filter((path) => !TEXT.test(path)) : paths;
  const declared = declaredConfigs(card);
  const found =
    rest === ''
      ? (filesOfConfig(declared, undefined, undefined, data) ?? data)
      : (filesByPath(rest, paths, data) ?? filesBySplit(rest, declared, data));
  if (found.length > 0) return found;
  throw new PoolError(`The data set ${name} has no ${rest === '' ? 'file of a known format' : `"${rest}"`}.`, {
    hint: whatThereIs(declared, paths),
    data: { file: name },
  });
}

function declaredConfigs(card: unknown): readonly HubConfig[] {
  const parsed = z.looseObject({ configs }).safeParse(card);
  if (!parsed.success) return [];
  return parsed.data.configs.map(
    ({ config_name: name, default: isDefault = name === 'default', data_files: splits = [] }) => ({
      ...{ name, isDefault, splits },
    }),
  );
}

function filesByPath(rest: string, paths: readonly string[], data: readonly string[]): readonly string[] | undefined {
  const path = rest.replace(/\/$/, '');
  if (paths.includes(path)) return [path];
  const matches = isPattern(path) ? paths.filter((one) => patternExpression(path).test(one)) : [];
  const inside = matches.length > 0 ? matches : data.filter((one) => one.startsWith(`${path}/`));
  return inside.length === 0 ? undefined : inside;
}

function filesBySplit(rest: string, declared: readonly HubConfig[], data: readonly string[]): readonly string[] {
  const [first = '', second, ...more] = rest.split('/');
  if (more.length > 0) return [];
  if (declared.length > 0) {
    const files = declared.some(({ name }) => name === first)
      ? filesOfConfig(declared, first, second, data)
      : second === undefined && filesOfConfig(declared, undefined, first, data);
    if (files) return files;
  }
  if (second === undefined) return data.filter((path) => hasWord(path, first));
  return data.filter((path) => hasWord(path, first) && hasWord(path, second));
}

/** @param config undefined stands for the default one, which is the only one where none is marked */
function filesOfConfig(
  declared: readonly HubConfig[],
  config: string | undefined,
  split: string | undefined,
  data: readonly string[],
): readonly string[] | undefined {
  const one =
    config === undefined
      ? (declared.find(({ isDefault }) => isDefault) ?? (declared.length === 1 ? declared[0] : undefined))
      : declared.find(({ name }) => name === config);
  const patterns = one?.splits
    .filter((part) => split === undefined || part.split === split)
    .flatMap(({ path }) => path);
  if (patterns === undefined || patterns.length === 0) return undefined;
  const expressions = patterns.map(patternExpression);
  return data.filter((path) => expressions.some((expression) => expression.test(path)));
}

/** Whether a word stands alone in a path: `train` in `data/train-00000-of-00002.parquet`. */
function hasWord(path: string, word: string): boolean {
  return path.split(/[/._-]/).includes(word) || path.split('/').includes(word);
}

function whatThereIs(declared: readonly HubConfig[], paths: readonly string[]): string {
  if (declared.length > 0) {
    const splits = declared.map(({ name, splits: parts }) => `${name} (${parts.map(({ split }) => split).join(', ')})`);
    return `Its configurations and their splits: ${splits.slice(0, 12).join('; ')}.`;
  }
  if (paths.length === 0) return 'Files of code and images are not read.';
  return `Its files: ${paths.slice(0, 12).join(', ')}${paths.length > 12 ? ` and ${paths.length - 12} more` : ''}.`;
}
