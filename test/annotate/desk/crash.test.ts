import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { answer, atDesk, deskLab } from './desk-lab.ts';

const home = temporaryFolder();
const DESK = new URL('../../../src/annotate/desk/annotation-desk.ts', import.meta.url).href;
const LABEL_STORE = new URL('../../../src/store/label-store.ts', import.meta.url).href;

/** Runs `actions` at the desk of a campaign in another process, which is killed right after them. */
function killedAfter(folder: string, actions: string): void {
  const script = `
    const { openDesk } = await import(${JSON.stringify(DESK)});
    const desk = await openDesk(${JSON.stringify(folder)});
    const item = desk.next('Ann');
    ${actions}
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => setInterval(() => {}, 1000));`;
  const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
}

test('saved drafts and submitted labels survive a process that is killed right after them', async () => {
  const lab = await deskLab(home, 'killed', { labels: { heldOutShare: 0, perLabelUsd: 0.25 } });
  killedAfter(lab.folder, `desk.save('Ann', item.number, { revision: 0, response: 'Half', comment: '', seconds: 0 });`);
  const number = await atDesk(lab, (desk) => {
    const item = desk.next('Ann')!;
    expect(item).toMatchObject({ rank: 1, writing: { revision: 1, response: 'Half', submitted: false } });
    return item.number;
  });
  const whole = JSON.stringify(answer('All of it.', { revision: 1 }));
  killedAfter(lab.folder, `desk.submit('Ann', ${number}, ${whole});`);
  await atDesk(lab, (desk) => {
    expect(desk.open('Ann', number)).toMatchObject({
      verdict: 'accepted',
      writing: { response: 'All of it.', submitted: true },
    });
    expect(desk.progress('Ann')).toMatchObject({ complete: 1, spentMicroUsd: 250_000 });
  });
});

test('a submission that fails halfway changes nothing', async () => {
  const lab = await deskLab(home, 'half-way');
  const before = lab.state();
  killedAfter(
    lab.folder,
    `desk.release('Ann', item.number);
    const { LabelStore } = await import(${JSON.stringify(LABEL_STORE)});
    const { saveImport } = LabelStore.prototype;
    LabelStore.prototype.saveImport = function (...given) {
      saveImport.apply(this, given);
      process.kill(process.pid, 'SIGKILL');
    };
    desk.submit('Ann', item.number, ${JSON.stringify(answer('Lost.'))});`,
  );
  expect(lab.state()).toEqual(before);
});
