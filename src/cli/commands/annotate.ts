import { randomBytes } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { AnnotationDesk } from '../../annotate/desk/annotation-desk.ts';
import { accessTokens, givenTokens } from '../../annotate/server/access-tokens.ts';
import { type AllowedHosts, allowedHosts, LOOPBACK, pageAddresses } from '../../annotate/server/allowed-hosts.ts';
import { readPageFiles } from '../../annotate/server/page-files.ts';
import { serveWeb } from '../../annotate/server/serve-web.ts';
import { type Access, Sessions } from '../../annotate/server/sessions.ts';
import { readSigningKey } from '../../annotate/server/signing-key.ts';
import { nextCommand } from '../next-command.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { renderListening, renderRequest, renderWork } from '../output/render-annotate.ts';
import { renderError } from '../output/render-error.ts';
import { renderNext } from '../output/render-step.ts';
import { print, printJsonLine } from '../print.ts';
import { asCampaignError } from '../spelling.ts';
import type { Terminal } from '../terminal.ts';
import { type Machine, thisMachine } from '../this-machine.ts';
import { type CampaignFlags, withCampaignView } from '../with-campaign.ts';
import { withDesk } from '../with-desk.ts';
import { workBetween } from '../work-between.ts';

const DEFAULT_PORT = 7410;

const EXAMPLES = `
Examples:
  $ winnow annotate
      Opens the annotation page in a browser. Only this machine can reach it. Press Ctrl-C to stop.
  $ winnow annotate --host 0.0.0.0
      Serves your network too. Prints two links with tokens: one for annotators, who join under a name of their own,
      and one for leads.
  $ winnow annotate --host 0.0.0.0 --invite Ann Bo
      Prints a personal link for Ann and one for Bo. Only invited people have access. Give each person their link only.
  $ winnow annotate --host 127.0.0.1 --allow-host label.example.org
      Behind an https proxy that forwards the Host header. Without --allow-host: on a machine that you share with
      people who should not have access.
  $ winnow annotate --json
      Prints a line of JSON with the links at the start, and a line with the new labels at the end.

No two people work on the same item, and drafts are saved within a second. Other commands can run at the same time:
winnow next continues as soon as the labels are in.

With --host, --allow-host or --invite, people need a link, and no one can act under another's name. Links stay the same
at every start; leads can make and revoke personal links on the team page. To replace all of them, delete winnow.key in
the campaign's folder. WINNOW_ANNOTATE_TOKEN and WINNOW_LEAD_TOKEN (at least 16 characters each) set the shared tokens.

Exit codes: 0 stopped with Ctrl-C; 1 an error, also one in winnow.yaml; 2 wrong usage.
`;

interface AnnotateFlags extends CampaignFlags {
  readonly port: number;
  readonly host?: string;
  readonly allowHost?: readonly string[];
  /** True without names. */
  readonly invite?: readonly string[] | true;
  readonly open: boolean;
}

/** `winnow annotate`. */
export function defineAnnotate(command: Command, terminal: Terminal): void {
  command
    .option('-C, --folder <folder>', 'the folder of the campaign', '.')
    .option('--port <number>', 'the port to serve the page on; 0 for any free port', portNumber, DEFAULT_PORT)
    .option(
      '--host <address>',
      'serve the page to other machines at this address; 0.0.0.0 for all addresses of this machine',
    )
    .option('--allow-host <name...>', 'host names of a proxy in front of the page')
    .option('--invite [name...]', 'give access only to invited people, and print a personal link for each name')
    .option('--no-open', 'do not open a browser')
    .option('--json', 'print a line of JSON at the start and one at the end')
    .option('-v, --verbose', 'print a line for every request; show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((flags: AnnotateFlags) => annotate(flags, terminal));
}

/** How the page is served, as far as it does not depend on the campaign. */
interface Serving {
  readonly host: string;
  readonly hosts: AllowedHosts;
  readonly machine: Machine;
  /** The tokens of the environment; null: no links are needed. */
  readonly given: ReturnType<typeof givenTokens> | null;
}

async function annotate(flags: AnnotateFlags, terminal: Terminal): Promise<void> {
  const { json, folder } = flags;
  const serving = planServing(flags, terminal);
  const work = await withDesk(terminal, flags, (desk) => serveUntilInterrupted(desk, serving, flags, terminal));
  const command = nextCommand(await withCampaignView(terminal, flags, (campaign) => campaign.status()), folder);
  if (json) printJsonLine(terminal, { event: 'ended', work, command });
  else print(terminal, terminal.stdout, `${renderWork(work, terminal.width)}\n${renderNext(command)}`);
}

function planServing({ host, allowHost = [], invite }: AnnotateFlags, { environment }: Terminal): Serving {
  const machine = thisMachine();
  // A proxy brings others here, wherever it listens itself.
  const isForOthers = host !== undefined || allowHost.length > 0 || invite !== undefined;
  return {
    host: host ?? LOOPBACK,
    hosts: allowedHosts({ host: host ?? LOOPBACK, allowed: allowHost, machineNames: machine.names }),
    machine,
    given: isForOthers ? givenTokens(environment) : null,
  };
}

async function serveUntilInterrupted(
  desk: AnnotationDesk,
  { host, hosts, machine, given }: Serving,
  { folder, port, invite, open, json, verbose = false }: AnnotateFlags,
  terminal: Terminal,
) {
  const before = desk.teamOverview();
  const access = given === null ? null : openAccess(given, folder, invite !== undefined);
  const people = access === null || !Array.isArray(invite) ? [] : inviteAll(desk, access, invite);
  const interrupts = terminal.listenForInterrupts(() => undefined, INTERRUPTED);
  try {
    const { clock, stderr } = terminal;
    const server = await serveWeb({
      ...{ desk, host, hosts, port, access, clock, randomBytes, page: readPageFiles() },
      onError: (error) => print(terminal, stderr, renderError(asCampaignError(error), { verbose })),
      ...(verbose ? { onRequest: (request) => print(terminal, stderr, renderRequest(request)) } : {}),
    });
    const tokens = access?.tokens ?? null;
    const machineAddresses = machine.addresses;
    const addresses = pageAddresses({ host, port: server.port, tokens, machineAddresses, people });
    const { campaign } = desk;
    const { progress } = before;
    if (json) printJsonLine(terminal, { event: 'listening', campaign, ...addresses, port: server.port, progress });
    else {
      const text = renderListening({ campaign, progress, addresses, hasTokens: tokens !== null });
      print(terminal, terminal.stdout, text);
    }
    // With a token the address is a secret, and other users see how a browser is started.
    if (open && !json && tokens === null) await openInBrowser(terminal, addresses.annotators!);
    await aborted(interrupts.signals.signal);
    await server.close();
    return workBetween(before, desk.teamOverview());
  } finally {
    interrupts.close();
  }
}

function openAccess(given: ReturnType<typeof givenTokens>, folder: string, isInviteOnly: boolean): Access {
  const key = readSigningKey(folder, randomBytes);
  return { key, tokens: accessTokens(given, { key, isInviteOnly }) };
}

function inviteAll(desk: AnnotationDesk, access: Access, names: readonly string[]) {
  const sessions = new Sessions(access, desk.key, (id) => desk.people.link(id));
  return names.map((name) => {
    const link = desk.people.invite(name);
    return { annotator: link.annotator, token: sessions.tokenOf(link) };
  });
}

const INTERRUPTED = {
  stopping: 'Finishing open requests…\n',
  abandoning: 'Still finishing open requests. Press Ctrl-C again to stop now.\n',
};

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be a port from 0 to 65535.');
  return port;
}
