import type { RecordFormat } from './record-format.ts';

/** Arrow. Its library is loaded when it is used. */
export const arrowFormat: RecordFormat = {
  name: 'arrow',
  summary: 'Arrow, as Hugging Face datasets save it',
  extensions: ['.arrow', '.feather'],
  unit: 'row',
  async *read({ file, content }) {
    const { readArrow } = await import('./arrow.ts');
    yield* readArrow(file, content());
  },
};
