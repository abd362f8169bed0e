import type { ComponentChildren } from 'preact';

/** One part of the report, which links can point to. */
export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        <a href={`#${id}`} class="anchor">
          {title}
        </a>
      </h2>
      {children}
    </section>
  );
}

/** One line that says why there is nothing to show. */
export function EmptyState({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
