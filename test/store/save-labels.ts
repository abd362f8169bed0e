import { joinCampaignState } from '../../src/store/campaign-state.ts';
import { campaignOptions } from './campaign-file.ts';

/** Joins the campaign named on the command line and takes so many labels in, each in a transaction that reads first. */
const [path, count] = process.argv.slice(2);
const state = joinCampaignState(path!, campaignOptions())!;
for (let index = 0; index < Number(count); index += 1) {
  state.transaction(() => {
    const before = state.labels.annotations().length;
    const annotation = {
      key: `label ${index}`,
      position: 0,
      verdict: 'accepted' as const,
      response: `answer ${before}`,
      annotator: 'ann',
      seconds: null,
      submittedAtMs: index,
      sourceId: null,
      costMicroUsd: 0,
    };
    state.labels.saveImport({ source: 'elsewhere', tool: 'jsonl', summary: {} }, [annotation], () => undefined);
  });
}
state.close();
