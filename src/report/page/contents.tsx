export interface SectionTitle {
  readonly id: string;
  readonly title: string;
}

/** Leads to every section: beside the text where there is room, above it elsewhere. */
export function Contents({ titles }: { titles: readonly SectionTitle[] }) {
  return (
    <nav class="contents screen-only" aria-label="Contents">
      <ul>
        {titles.map(({ id, title }) => (
          <li key={id}>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
