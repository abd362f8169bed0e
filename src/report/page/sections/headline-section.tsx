import type { ComponentChildren } from 'preact';
import type { Headline } from '../../report-data.ts';
import { whatIsCounted } from '../captions/say-spending.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Money } from '../components/money.tsx';
import { count, decimal, dollars, percent, plural, signed } from '../components/wording.ts';

/** The figures a lead asks for first. */
export function HeadlineFigures({ headline }: { headline: Headline }) {
  const { failureRate, heldOutScore, testScore } = headline;
  return (
    <dl class="tiles">
      <Tile
        name="Instructions"
        value={count(headline.instructions)}
        about={`from ${plural(headline.poolFiles, 'pool file')}`}
      />
      <Tile name="Picked" value={count(headline.picked)} about={`in ${plural(headline.rounds, 'round')}`} />
      <Tile name="Labeled" value={count(headline.labeled)} about={othersOf(headline)} />
      <Tile
        name="Spent"
        value={<Money amount={headline.spentMicroUsd} />}
        about={
          headline.reservedMicroUsd > 0 ? `and ${dollars(headline.reservedMicroUsd)} set aside` : 'nothing set aside'
        }
      />
      {headline.microUsdPerUsefulLabel === null || headline.spentMicroUsd === 0 ? null : (
        <Tile
          name="Per useful label"
          value={<Money amount={headline.microUsdPerUsefulLabel} />}
          about={whatIsCounted(headline.reservedMicroUsd > 0)}
        />
      )}
      {failureRate === null ? null : (
        <Tile
          name="Failure rate"
          value={<FromTo first={failureRate.first} last={failureRate.last} write={percent} />}
          about={`${percent(failureRate.first) === percent(failureRate.last) ? 'of the last model' : 'first and last model'}, on the pool`}
        />
      )}
      {heldOutScore === null ? null : (
        <Tile name="Held-out score" value={decimal(heldOutScore)} about={ofTen('held-out', headline)} />
      )}
      {testScore === null ? null : (
        <Tile name="Test score" value={decimal(testScore)} about={ofTen('test', headline)} />
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

function FromTo({ first, last, write }: { first: number; last: number; write: (value: number) => string }) {
  if (write(first) === write(last)) return <>{write(last)}</>;
  return (
    <>
      <span class="from">{write(first)}</span> <span aria-hidden="true">→</span>
      <span class="hidden">to</span> {write(last)}
    </>
  );
}

/** The scale of a score, and what was gained where that was told by the same items. */
function ofTen(items: 'test' | 'held-out', { gain, gainOn }: Headline): string {
  return gain === null || gainOn !== items
    ? 'of the last model, of 10'
    : `of 10; ${signed(gain)} over the model before`;
}

function othersOf({ rejected, skipped, awaited, withdrawn }: Headline): string {
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

/** What is to be typed next, or why it ended. */
export function NextStep({ headline: { stop, next } }: { headline: Headline }) {
  if (stop !== null)
    return (
      <p class="next">
        <strong>Ended.</strong> <bdi>{stop}</bdi>
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
