/** How texts of the pool are shown. Only `written` is the text character by character. */
export const TEXT_VIEWS = ['written', 'markdown', 'maths'] as const;
export type TextView = (typeof TEXT_VIEWS)[number];

export const TEXT_VIEW_NAMES: Readonly<Record<TextView, string>> = {
  written: 'As written',
  markdown: 'Markdown',
  maths: 'Markdown and maths',
};

/** The view of an item: the one the person chose, else Markdown where the item's record says that it is Markdown. */
export function viewOf(chosen: string, isMarkdown: boolean): TextView {
  const known = TEXT_VIEWS.find((view) => view === chosen);
  return known ?? (isMarkdown ? 'markdown' : 'written');
}

export function nextView(view: TextView): TextView {
  return TEXT_VIEWS[(TEXT_VIEWS.indexOf(view) + 1) % TEXT_VIEWS.length]!;
}
