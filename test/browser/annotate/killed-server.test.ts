import { afterAll, describe, expect, it } from 'vitest';
import { openDesk } from '../../../src/annotate/desk/annotation-desk.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import { deskLab } from '../../annotate/desk/desk-lab.ts';
import type { CampaignLab } from '../../campaign/campaign-lab.ts';
import { HAS_CHROMIUM } from '../../support/chromium.ts';
import { type CliRun, startCli } from '../../support/run-cli.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { browserForFile, enter, numberOf, otherItem, REPORTED, response, saved } from './annotate-lab.ts';

describe.skipIf(!HAS_CHROMIUM)('A server that is killed', () => {
  const home = temporaryFolder();
  const newPerson = browserForFile();
  const running: CliRun[] = [];
  const kill = async (run: CliRun) => {
    run.process.kill('SIGKILL');
    await run.ended;
  };
  afterAll(() => Promise.all(running.map(kill)));

  /** Starts winnow annotate as a person does. @returns the run and the address it prints */
  const annotate = async (lab: CampaignLab, port = '0') => {
    const run = startCli(['annotate', '--no-open', '--port', port], { cwd: lab.folder });
    running.push(run);
    return { run, url: /http:\/\/[^/\s]+/.exec(await run.printed('Ctrl-C'))![0] };
  };

  it('and restarted loses no text of a page that stayed open', async () => {
    const lab = await deskLab(home, 'killed');
    const first = await annotate(lab);
    const { page, complaints } = await newPerson();
    await enter(page, first.url, 'Ann');
    const number = numberOf(page);
    await page.keyboard.type('Before. ');
    await saved(page);
    // The server is killed in the middle of a word.
    await page.keyboard.type('In the mid');
    await kill(first.run);
    await page.keyboard.type('dle. ');
    await page.getByText('Draft kept in this browser. Reconnecting…').waitFor();

    const second = await annotate(lab, new URL(first.url).port);
    await page.keyboard.type('After.');
    await saved(page);
    expect(await response(page).inputValue()).toBe('Before. In the middle. After.');
    await page.keyboard.press('Control+Enter');
    await otherItem(page, 1);
    await kill(second.run);
    const desk = await openDesk(lab.folder, { ...lab.options, clock: systemClock });
    const item = desk.open('Ann', number);
    await desk.close();
    expect(item).toMatchObject({ verdict: 'accepted', writing: { response: 'Before. In the middle. After.' } });
    expect(complaints.filter((line) => !REPORTED.test(line))).toEqual([]);
  });
});
