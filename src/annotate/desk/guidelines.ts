import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { ConfigError } from '../../domain/errors.ts';
import type { GuidelinesText } from './desk-views.ts';

/** A long manual. More would make the page slow. */
const MOST_BYTES = 1_000_000;

/** The file of `labels.guidelines`, as it is now: a change is a new version, without a restart. */
export class Guidelines {
  readonly #state: CampaignContext['state'];
  readonly #path: string | undefined;
  #known: { readonly stamp: string; readonly guidelines: GuidelinesText } | undefined;

  /** @throws ConfigError where the file cannot be read or is too long */
  constructor({ state, folder, config }: Pick<CampaignContext, 'state' | 'folder' | 'config'>) {
    this.#state = state;
    const { guidelines } = config.labels;
    this.#path = guidelines === undefined ? undefined : resolve(folder, guidelines);
    if (this.#path !== undefined) this.#known = this.#read(this.#path);
  }

  /** Null without guidelines. A file that cannot be read for a moment counts as unchanged. */
  current(): GuidelinesText | null {
    if (this.#path === undefined) return null;
    try {
      if (stampOf(this.#path) !== this.#known?.stamp) this.#known = this.#read(this.#path);
    } catch {
      // An editor may be writing the file.
    }
    return this.#known?.guidelines ?? null;
  }

  #read(path: string) {
    try {
      const stamp = stampOf(path);
      const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
      if (text.length > MOST_BYTES)
        throw new Error(`it has more than ${MOST_BYTES.toLocaleString('en-US')} characters`);
      return { stamp, guidelines: { version: this.#state.guidelines.save(text), text } };
    } catch (cause) {
      throw new ConfigError(`The file of labels.guidelines cannot be used: ${(cause as Error).message}.`, {
        hint: 'Correct labels.guidelines in winnow.yaml: a Markdown file, from the folder of winnow.yaml.',
        data: { file: path },
        cause,
      });
    }
  }
}

function stampOf(path: string): string {
  const { mtimeMs, size, ino } = statSync(path);
  return `${mtimeMs} ${size} ${ino}`;
}
