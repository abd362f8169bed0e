import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { AnnotationDesk } from '../../annotate/desk/annotation-desk.ts';
import { type AccessTokens, accessTokens } from '../../annotate/server/access-tokens.ts';
import { type AllowedHosts, allowedHosts, LOOPBACK, pageAddresses } from '../../annotate/server/allowed-hosts.ts';
import { readPageFiles } from '../../annotate/server/page-files.ts';
import { serveWeb } from '../../annotate/server/serve-web.ts';
import { nextCommand } from '../next-command.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { renderListening, renderRequest, renderWork } from '../output/render-annotate.ts';
import { renderError } from '../output/render-error.ts';
import { renderNext } from '../output/render-step.ts';
import { print } from '../print.ts';
import { asCampaignError } from '../spelling.ts';
import type { Terminal } from '../terminal.ts';
import { type Machine, thisMachine } from '../this-machine.ts';
import { withCampaignView } from '../with-campaign.ts';
import { withDesk } from '../with-desk.ts';
import { workBetween } from '../work-between.ts';
import type { CampaignFlags } from './campaign-options.ts';

const DEFAULT_PORT = 7410;

const EXAMPLES = `
Examples:
  $ winnow annotate
      Opens the page in a browser; only this machine can reach it. Ctrl-C ends it.
  $ winnow annotate --host 0.0.0.0
      For others on your network too. It prints two addresses with tokens, one for annotators and one for leads.
  $ winnow annotate --host 127.0.0.1 --allow-host label.example.org
      Behind a proxy that speaks https and sends the name on as Host; or, without --allow-host, on a machine that you
      share with people who should not come in.
  $ winnow annotate --json
      A line of JSON with the addresses when it listens, and a line with what was done when it ends.

Everybody enters a name; items are handed out so that nobody does another's work, and everything is saved within a
second of typing. Other commands may run meanwhile: winnow next goes on as soon as the labels are in.

Tokens are asked for with --host or --allow-host. New ones are made at every start, unless the environment has
WINNOW_ANNOTATE_TOKEN and WINNOW_LEAD_TOKEN, of at least 16 characters.

Exit codes: 0 ended by Ctrl-C; 1 an error, also one in winnow.yaml; 2 wrong usage.
`;

interface AnnotateFlags extends CampaignFlags {
  readonly port: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  readonly open: boolean;
}

/** `winnow annotate`. */
export function defineAnnotate(command: Command, terminal: Terminal): void {
  command
    .option('-C, --folder <folder>', 'the folder of the campaign', '.')
    .option('--port <number>', 'where to serve the page; 0 for any port that is free', portNumber, DEFAULT_PORT)
    .option('--host <address>', 'serve it to other machines at this address; 0.0.0.0 for all of this machine')
    .option('--allow-host <name...>', 'names that a proxy answers to')
    .option('--no-open', 'do not open a browser')
    .option('--json', 'print a line of JSON when it listens and one when it ends')
    .option('-v, --verbose', 'print a line for every request; show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((flags: AnnotateFlags) => annotate(flags, terminal));
}

/** How the page is served, as far as it does not depend on the campaign. */
interface Serving {
  readonly host: string;
  readonly hosts: AllowedHosts;
  readonly machine: Machine;
  /** Null: none are asked for. */
  readonly tokens: AccessTokens | null;
}

async function annotate(flags: AnnotateFlags, terminal: Terminal): Promise<void> {
  const { json, folder } = flags;
  const serving = planServing(flags, terminal);
  const work = await withDesk(terminal, flags, (desk) => serveUntilInterrupted(desk, serving, flags, terminal));
  const command = nextCommand(await withCampaignView(terminal, flags, (campaign) => campaign.status()), folder);
  if (json) printLine(terminal, { event: 'ended', work, command });
  else print(terminal, terminal.stdout, `${renderWork(work, terminal.width)}\n${renderNext(command)}`);
}

function planServing({ host, allowHost = [] }: AnnotateFlags, { environment }: Terminal): Serving {
  const machine = thisMachine();
  // A proxy brings others here, wherever it listens itself.
  const isForOthers = host !== undefined || allowHost.length > 0;
  return {
    host: host ?? LOOPBACK,
    hosts: allowedHosts({ host: host ?? LOOPBACK, allowed: allowHost, machineNames: machine.names }),
    machine,
    tokens: isForOthers ? accessTokens(environment, randomBytes) : null,
  };
}

async function serveUntilInterrupted(
  desk: AnnotationDesk,
  { host, hosts, machine, tokens }: Serving,
  { port, open, json, verbose = false }: AnnotateFlags,
  terminal: Terminal,
) {
  const before = desk.teamOverview();
  const interrupts = terminal.listenForInterrupts(() => undefined, INTERRUPTED);
  try {
    const { clock, stderr } = terminal;
    const server = await serveWeb({
      ...{ desk, host, hosts, port, tokens, clock, page: readPageFiles() },
      onError: (error) => print(terminal, stderr, renderError(asCampaignError(error), { verbose })),
      ...(verbose ? { onRequest: (request) => print(terminal, stderr, renderRequest(request)) } : {}),
    });
    const addresses = pageAddresses({ host, port: server.port, tokens, machineAddresses: machine.addresses });
    const { campaign } = desk;
    const { progress } = before;
    if (json) printLine(terminal, { event: 'listening', campaign, ...addresses, port: server.port, progress });
    else {
      const text = renderListening({ campaign, progress, addresses, hasTokens: tokens !== null });
      print(terminal, terminal.stdout, text);
    }
    // With a token the address is a secret, and other users see how a browser is started.
    if (open && !json && tokens === null) await openInBrowser(terminal, addresses.annotators);
    await aborted(interrupts.signals.signal);
    await server.close();
    return workBetween(before, desk.teamOverview());
  } finally {
    interrupts.close();
  }
}

const INTERRUPTED = {
  stopping: 'Ending: what is under way may arrive.\n',
  abandoning: 'Still ending. Press Ctrl-C again to end at once.\n',
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** For programs that read line by line. */
function printLine({ stdout }: Terminal, result: object): void {
  stdout.write(`${JSON.stringify(result)}\n`);
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}
