import { ITEM_FATES, type ItemFate, type PoolMap } from '../../pool-figures.ts';
import { count, trimmed } from '../components/format.ts';
import { useTheme } from '../components/use-media.ts';
import type { Coloring, Group } from './coloring.ts';
import { rampColors } from './point-colors.ts';
import { SYMBOLS } from './symbols.ts';

/** What is hidden: statuses by index into `ITEM_FATES`, and groups by index. */
export interface Hidden {
  readonly fates: ReadonlySet<number>;
  readonly groups: ReadonlySet<number>;
}

/** The meaning of shapes and colors. Each entry hides or shows its points. */
export function MapLegend({
  map,
  coloring,
  hidden,
  onHide,
}: {
  map: PoolMap;
  coloring: Coloring;
  hidden: Hidden;
  onHide: (hidden: Hidden) => void;
}) {
  const isByFate = coloring.kind === 'groups' && coloring.groupOf === map.fate;
  return (
    <div class="map-legend">
      <fieldset>
        <legend>{isByFate ? 'Status' : 'Status, by shape'}</legend>
        {ITEM_FATES.map((fate, index) => {
          const items = map.fate.filter((one) => one === index).length;
          if (items === 0) return null;
          return (
            <Toggle
              key={fate}
              name={fate}
              title={SYMBOLS[fate].description}
              items={items}
              isShown={!hidden.fates.has(index)}
              onToggle={() => onHide({ ...hidden, fates: toggled(hidden.fates, index) })}
            >
              <Shape fate={fate} color={isByFate ? SYMBOLS[fate].color : 'text'} />
            </Toggle>
          );
        })}
      </fieldset>
      {isByFate ? null : coloring.kind === 'ramp' ? (
        <Ramp coloring={coloring} />
      ) : (
        <fieldset>
          <legend>{coloring.title}, by color</legend>
          {coloring.groups.map(({ name, color, items }, index) => (
            <Toggle
              key={name}
              name={name}
              items={items}
              isShown={!hidden.groups.has(index)}
              onToggle={() => onHide({ ...hidden, groups: toggled(hidden.groups, index) })}
            >
              <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
                <rect x="1" y="1" width="12" height="12" rx="2" fill={`var(--${color})`} />
              </svg>
            </Toggle>
          ))}
          {sharedColors(coloring.groups) > 1 ? (
            <p class="legend-note screen-only">
              The last {sharedColors(coloring.groups)} share one color. Hide one to see where it is.
            </p>
          ) : null}
        </fieldset>
      )}
    </div>
  );
}

/** How many groups share the color of the last one. */
function sharedColors(groups: readonly Group[]): number {
  return groups.filter(({ color }) => color === groups.at(-1)!.color).length;
}

function Toggle({
  name,
  title,
  items,
  isShown,
  onToggle,
  children,
}: {
  name: string;
  title?: string;
  items: number;
  isShown: boolean;
  onToggle: () => void;
  children: preact.ComponentChildren;
}) {
  return (
    <button type="button" class="toggle" aria-pressed={isShown} title={title} onClick={onToggle}>
      {children}
      <bdi class="toggle-name">{name}</bdi>
      <span class="toggle-items">{count(items)}</span>
    </button>
  );
}

function Shape({ fate, color }: { fate: ItemFate; color: string }) {
  return (
    <svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">
      <path d={SYMBOLS[fate].path} fill={`var(--${color})`} />
    </svg>
  );
}

const STOPS = 9;

function Ramp({ coloring: { title, low, high, values } }: { coloring: Extract<Coloring, { kind: 'ramp' }> }) {
  const theme = useTheme();
  const without = values.filter((value) => value === null).length;
  return (
    <div class="ramp">
      <p>{title}, by color</p>
      <div
        class="ramp-bar"
        style={{ background: `linear-gradient(to right, ${rampColors(theme, STOPS).join(', ')})` }}
      />
      <p class="ramp-ends">
        <span>{trimmed(low)}</span>
        <span>{trimmed(high)}</span>
      </p>
      {without > 0 ? <p class="ramp-none">Gray: no value ({count(without)})</p> : null}
    </div>
  );
}

function toggled(set: ReadonlySet<number>, one: number): ReadonlySet<number> {
  const next = new Set(set);
  if (!next.delete(one)) next.add(one);
  return next;
}
