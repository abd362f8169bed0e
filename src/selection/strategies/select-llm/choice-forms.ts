import type { PromptTemplate } from '../../../models/prompt-template.ts';
import type { ChoiceForm } from './choice-form.ts';
import { jsonLines } from './json-lines.ts';
import { plainLines } from './plain-lines.ts';

/** By the layout of the prompt. Layout 1 is that of prompts that name none, such as those of earlier versions. */
export function choiceForm({ layout }: Pick<PromptTemplate, 'layout'>): ChoiceForm {
  return layout === 1 ? jsonLines : plainLines;
}
