import type { Command } from 'commander';
import { nextCommands } from '../next-command.ts';
import { renderLedger, sumLedger, sumsAgree } from '../output/render-ledger.ts';
import { renderStatus } from '../output/render-status.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { addCampaignOptions, type CampaignFlags, withCampaignView } from '../with-campaign.ts';

const EXAMPLES = `
Examples:
  $ winnow status
      Show rounds, labels, failure rates, costs and the next command.
  $ winnow status --ledger
      Also list every call and expense. They add up to the micro-dollar.
  $ winnow status --json | jq .rounds[].outcome.failureRate
      For scripts: the failure rate of each round. Amounts are in micro-dollars.

Costs nothing, needs no key, and works while other commands run.
`;

interface StatusFlags extends CampaignFlags {
  readonly ledger?: boolean;
}

/** `winnow status`. */
export function defineStatus(command: Command, terminal: Terminal): void {
  addCampaignOptions(command)
    .option('--ledger', 'list every call and expense, to the micro-dollar')
    .addHelpText('after', EXAMPLES)
    .action((flags: StatusFlags) => showStatus(flags, terminal));
}

async function showStatus(flags: StatusFlags, terminal: Terminal): Promise<void> {
  const { ledger, json, folder } = flags;
  const { status, entries } = await withCampaignView(terminal, flags, async (campaign) => {
    const seen = await campaign.status();
    return { status: { ...seen, ...nextCommands(seen, folder) }, entries: campaign.ledger() };
  });
  const sums = sumLedger(entries);
  const agrees = sumsAgree(sums, status.spending);
  if (json) {
    printJson(terminal, ledger ? { ...status, ledger: { entries, sums, agrees } } : status);
    return;
  }
  const { width } = terminal;
  print(terminal, terminal.stdout, renderStatus(status, { width, exact: ledger === true }));
  if (ledger) print(terminal, terminal.stdout, `\n${renderLedger(entries, sums, { width, agrees })}`);
}
