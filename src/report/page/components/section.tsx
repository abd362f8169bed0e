import type { ComponentChildren } from 'preact';

/** One part of the report, with an address of its own. */
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

/** One line on why there is nothing to see. */
export function Absent({ children }: { children: ComponentChildren }) {
  return <p class="absent">{children}</p>;
}
