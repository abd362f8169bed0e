import type { ReportData } from '../report-data.ts';
import { PoolText } from './components/pool-text.tsx';
import { EmptyState, Section } from './components/section.tsx';
import { Timestamp } from './components/values.tsx';
import { Agreement } from './sections/agreement-section.tsx';
import { Coverage } from './sections/coverage-section.tsx';
import { HeadlineFigures, NextStep, SelectionGainLine } from './sections/headline-section.tsx';
import { MapFigure } from './sections/map-section.tsx';
import { Odd } from './sections/odd-section.tsx';
import { Picks } from './sections/picks-section.tsx';
import { ProvenanceFacts } from './sections/provenance-section.tsx';
import { Rounds } from './sections/rounds-section.tsx';
import { Scores } from './sections/scores-section.tsx';
import { Spending } from './sections/spending-section.tsx';

const TITLES = {
  headline: 'Summary',
  map: 'Map of the pool',
  rounds: 'Rounds',
  coverage: 'Coverage',
  spending: 'Cost',
  scores: 'Scores',
  agreement: 'Agreement',
  odd: 'Unusual items',
  picks: 'All picks',
  provenance: 'Reproducibility',
  notes: 'Notes',
} as const;

/** The whole report: results first, details after them. */
export function ReportPage({ report }: { report: ReportData }) {
  const { campaign, headline, map, coverage, notes } = report;
  const ids = (Object.keys(TITLES) as (keyof typeof TITLES)[]).filter((id) => id !== 'notes' || notes.length > 0);
  const titles: SectionTitle[] = ids.map((id) => ({ id, title: TITLES[id] }));
  return (
    <>
      <header>
        <p class="kind">winnow report</p>
        <h1>
          <PoolText>{campaign.name}</PoolText>
        </h1>
        <p class="when">
          Started <Timestamp at={campaign.begunAtMs} /> · report of <Timestamp at={campaign.reportedAtMs} />
        </p>
      </header>
      <Contents titles={titles} />
      <main>
        <Section id="headline" title={TITLES.headline}>
          <HeadlineFigures headline={headline} />
          <SelectionGainLine headline={headline} />
          <NextStep headline={headline} />
        </Section>
        <Section id="map" title={TITLES.map}>
          {map === null || map.position.length === 0 ? (
            <EmptyState>There is no map.{seeNotes(notes)}</EmptyState>
          ) : (
            <MapFigure map={map} />
          )}
        </Section>
        <Section id="rounds" title={TITLES.rounds}>
          <Rounds rounds={report.rounds} />
        </Section>
        <Section id="coverage" title={TITLES.coverage}>
          {coverage === null || coverage.labels.length === 0 ? (
            <EmptyState>
              {headline.labeled === 0
                ? 'Coverage needs at least one label.'
                : `There is no coverage.${seeNotes(notes)}`}
            </EmptyState>
          ) : (
            <Coverage figures={coverage} />
          )}
        </Section>
        <Section id="spending" title={TITLES.spending}>
          <Spending spending={report.spending} />
        </Section>
        <Section id="scores" title={TITLES.scores}>
          <Scores scores={report.scores} />
        </Section>
        <Section id="agreement" title={TITLES.agreement}>
          <Agreement
            llm={report.llmAgreement}
            people={report.peopleAgreement}
            quality={report.peopleQuality}
            judges={report.judges}
          />
        </Section>
        <Section id="odd" title={TITLES.odd}>
          <Odd odd={report.odd} />
        </Section>
        <Section id="picks" title={TITLES.picks}>
          <Picks picks={report.picks} />
        </Section>
        <Section id="provenance" title={TITLES.provenance}>
          <ProvenanceFacts provenance={report.provenance} />
        </Section>
        {notes.length === 0 ? null : (
          <Section id="notes" title={TITLES.notes}>
            <ul>
              {notes.map((note) => (
                <li key={note}>
                  <bdi>{note}</bdi>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </main>
    </>
  );
}

function seeNotes(notes: readonly string[]): string {
  return notes.length === 0 ? '' : ' See the notes at the end.';
}

export interface SectionTitle {
  readonly id: string;
  readonly title: string;
}

/** Links to all sections: beside the text on wide screens, above it on narrow ones. */
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
