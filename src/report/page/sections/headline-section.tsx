import type { ComponentChildren } from 'preact';
import type { Headline } from '../../report-data.ts';
import { gainRange, INTERVAL } from '../captions/round-captions.ts';
import { costBasis } from '../captions/spending-captions.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { count, decimal, dollars, percent, plural, signed } from '../components/format.ts';
import { Money } from '../components/values.tsx';

/** The most important figures. */
export function HeadlineFigures({ headline }: { headline: Headline }) {
  const { failureRate, poolFailureRate, heldOutScore, testScore } = headline;
  return (
    <dl class="tiles">
      <Tile
        name="Instructions"
        value={count(headline.instructions)}
        about={`from ${plural(headline.poolFiles, 'pool file')}`}
      />
      <Tile name="Picked" value={count(headline.picked)} about={`in ${plural(headline.rounds, 'round')}`} />
      <Tile name="Labeled" value={count(headline.labeled)} about={otherStates(headline)} />
      <Tile
        name="Spent"
        value={<Money amount={headline.spentMicroUsd} />}
        about={
          headline.reservedMicroUsd > 0 ? `plus ${dollars(headline.reservedMicroUsd)} set aside` : 'nothing set aside'
        }
      />
      {headline.microUsdPerUsefulLabel === null || headline.spentMicroUsd === 0 ? null : (
        <Tile
          name="Cost per useful label"
          value={<Money amount={headline.microUsdPerUsefulLabel} />}
          about={costBasis(headline.reservedMicroUsd > 0)}
        />
      )}
      {failureRate === null ? null : (
        <Tile
          name="Failure rate"
          value={<FromTo first={failureRate.first ?? failureRate.last} last={failureRate.last} format={percent} />}
          about={failureNote(failureRate)}
        />
      )}
      {poolFailureRate === null || failureRate?.on !== 'test' ? null : (
        <Tile
          name="Failure rate, pool"
          value={
            <FromTo
              first={poolFailureRate.first ?? poolFailureRate.last}
              last={poolFailureRate.last}
              format={percent}
            />
          }
          about={failureNote(poolFailureRate)}
        />
      )}
      {heldOutScore === null ? null : (
        <Tile name="Held-out score" value={decimal(heldOutScore)} about={scoreNote('held-out', headline)} />
      )}
      {testScore === null ? null : (
        <Tile name="Test score" value={decimal(testScore)} about={scoreNote('test', headline)} />
      )}
    </dl>
  );
}

function Tile({ name, value, about }: { name: string; value: ComponentChildren; about: string }) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd class="tile-value">{value}</dd>
      <dd class="tile-about">{about}</dd>
    </div>
  );
}

function FromTo({ first, last, format }: { first: number; last: number; format: (value: number) => string }) {
  if (format(first) === format(last)) return <>{format(last)}</>;
  return (
    <>
      <span class="from">{format(first)}</span> <span aria-hidden="true">→</span>
      <span class="hidden">to</span> {format(last)}
    </>
  );
}

/** On how many items, what the interval is, and whether the first model was measured on them too. */
function failureNote({ on, count: items, first, interval }: NonNullable<Headline['failureRate']>): string {
  const what = on === 'test' ? plural(items, 'test item') : `${plural(items, 'instruction')} of the pool`;
  const models = first === null ? 'last model' : 'first and last model on the same';
  return `${models} ${what}; ${INTERVAL} ${percent(interval.low)} to ${percent(interval.high)}`;
}

/** The scale of a score, its interval, and the gain if it was measured on the same items. */
function scoreNote(items: 'test' | 'held-out', { gain, gainOn, gainFigure, score }: Headline): string {
  const known =
    score?.interval == null
      ? 'out of 10'
      : `out of 10 (${decimal(score.interval.low)} to ${decimal(score.interval.high)}, ${plural(score.count, 'item')})`;
  return gain === null || gainOn !== items
    ? `last model, ${known}`
    : `${known}, ${signed(gain)}${gainRange(gainFigure)} over the previous model`;
}

function otherStates({ rejected, skipped, awaited, withdrawn }: Headline): string {
  const others = [
    [rejected, 'rejected'],
    [skipped, 'skipped'],
    [awaited, 'awaited'],
    [withdrawn, 'withdrawn'],
  ] as const;
  return (
    others
      .filter(([items]) => items > 0)
      .map(([items, what]) => `${count(items)} ${what}`)
      .join(', ') || 'none awaited'
  );
}

/** What selecting gains over chance. */
export function SelectionGainLine({ headline: { selection, hardness } }: { headline: Headline }) {
  return selection === null ? null : (
    <p class="next">
      <strong>Selecting:</strong> <bdi>{hardness === null ? selection : `${selection} ${hardness}`}</bdi>
    </p>
  );
}

/** The next command, or why the campaign ended. */
export function NextStep({ headline: { stop, next } }: { headline: Headline }) {
  if (stop !== null)
    return (
      <p class="next">
        <strong>Ended:</strong> <bdi>{stop}</bdi>
      </p>
    );
  return (
    <p class="next">
      <strong>Next:</strong> <code>{next.line}</code> <CopyButton text={next.line} what="the command" />{' '}
      <span class="next-because">
        <bdi>{next.because}</bdi>
      </span>
    </p>
  );
}
