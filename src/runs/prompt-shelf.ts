import { CURRENT_EDITION, loadPrompt, type PromptTemplate } from '../models/prompt-template.ts';
import type { PromptDeclaration } from '../selection/judges/criteria.ts';

/** The prompts of a piece of work, each loaded once: the user's own, else those of one edition. */
export class PromptShelf {
  readonly #folder: string | undefined;
  readonly #loaded = new Map<string, PromptTemplate>();
  #edition: number;

  constructor(folder: string | undefined, edition = CURRENT_EDITION) {
    this.#folder = folder;
    this.#edition = edition;
  }

  get edition(): number {
    return this.#edition;
  }

  /** Takes the prompts that what is continued began with. Before the first question. */
  use(edition: number): void {
    this.#edition = edition;
    this.#loaded.clear();
  }

  /** @throws PromptError where it cannot be used */
  load(id: string, variables: readonly string[]): PromptTemplate {
    const prompt = this.#loaded.get(id) ?? loadPrompt(id, variables, this.#folder, this.#edition);
    this.#loaded.set(id, prompt);
    return prompt;
  }

  /** By id. @throws PromptError where one cannot be used */
  of(used: readonly PromptDeclaration[]): ReadonlyMap<string, PromptTemplate> {
    return new Map(used.map(({ id, variables }) => [id, this.load(id, variables)]));
  }
}
