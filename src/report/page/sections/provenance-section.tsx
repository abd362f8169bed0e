import type { Provenance } from '../../report-data.ts';
import { kindName } from '../captions/spending-captions.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { type Column, DataTable } from '../components/data-table.tsx';
import { count } from '../components/format.ts';
import { PoolText } from '../components/pool-text.tsx';
import { Timestamp } from '../components/values.tsx';

/** What is needed to repeat the campaign. */
export function ProvenanceFacts({ provenance }: { provenance: Provenance }) {
  const { config, poolFiles, testFiles, plugins, roundPlans, prompts, models, imports } = provenance;
  return (
    <>
      <dl class="facts">
        <Fact name="winnow">{provenance.winnowVersion}</Fact>
        <Fact name="Node.js">{provenance.nodeVersion}</Fact>
        <Fact name="winnow.db schema">{String(provenance.schemaVersion)}</Fact>
        <Fact name="Seed">{String(provenance.seed)}</Fact>
        <Fact name="Embedder">{provenance.embedder}</Fact>
      </dl>
      <div class="with-copy">
        <h3>winnow.yaml</h3>
        <CopyButton text={config} what="winnow.yaml" />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre class="scroll" tabIndex={0}>
        {config}
      </pre>
      <Facts
        title="Pool files"
        rows={poolFiles}
        columns={[
          { title: 'File', cell: ({ path }) => <PoolText>{path}</PoolText> },
          { title: 'Records', cell: ({ records }) => count(records), isNumber: true },
          { title: 'Added', cell: ({ added }) => count(added), isNumber: true },
          { title: 'Unusable', cell: ({ badRecords }) => count(badRecords), isNumber: true },
          { title: 'SHA-256', cell: ({ sha256 }) => <Hash>{sha256}</Hash> },
        ]}
      />
      <Facts
        title="Test files"
        rows={testFiles}
        columns={[
          { title: 'File', cell: ({ path }) => <PoolText>{path}</PoolText> },
          { title: 'SHA-256', cell: ({ sha256 }) => <Hash>{sha256}</Hash> },
        ]}
      />
      <Facts
        title="Plugins"
        rows={plugins}
        columns={[
          { title: 'Plugin', cell: ({ name }) => <PoolText>{name}</PoolText> },
          { title: 'Version', cell: ({ version }) => <PoolText>{version}</PoolText> },
          { title: 'Since', cell: ({ firstUsedAtMs }) => <Timestamp at={firstUsedAtMs} /> },
        ]}
      />
      <Facts
        title="Planned rounds"
        rows={roundPlans}
        columns={[
          { title: 'Round', cell: ({ round }) => round, isNumber: true },
          { title: 'Seed', cell: ({ seed }) => seed, isNumber: true },
          { title: 'Strategy', cell: ({ strategy }) => strategy },
          { title: 'Options', cell: ({ options }) => <code>{JSON.stringify(options)}</code> },
        ]}
      />
      <Facts
        title="Prompts"
        rows={prompts}
        columns={[
          { title: 'Prompt', cell: ({ id }) => <PoolText>{id}</PoolText> },
          { title: 'Version', cell: ({ version }) => <PoolText>{version}</PoolText> },
          { title: 'SHA-256', cell: ({ sha256 }) => <Hash>{sha256}</Hash> },
        ]}
      />
      <Facts
        title="Models used"
        rows={models}
        columns={[
          { title: 'Model', cell: ({ model }) => <PoolText>{model}</PoolText> },
          { title: 'Used for', cell: ({ kind }) => kindName(kind) },
          { title: 'Calls', cell: ({ calls }) => count(calls), isNumber: true },
        ]}
      />
      <Facts
        title="Label sources"
        rows={imports}
        columns={[
          { title: 'Source', cell: ({ source }) => <PoolText>{source}</PoolText> },
          { title: 'Tool', cell: ({ tool }) => tool },
          { title: 'When', cell: ({ atMs }) => <Timestamp at={atMs} /> },
        ]}
      />
    </>
  );
}

function Fact({ name, children }: { name: string; children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <PoolText>{children}</PoolText>
      </dd>
    </div>
  );
}

function Facts<Row>({
  title,
  rows,
  columns,
}: {
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
}) {
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <DataTable label={title} rows={rows} columns={columns} />
    </>
  );
}

function Hash({ children }: { children: string }) {
  return <code class="hash">{children}</code>;
}
