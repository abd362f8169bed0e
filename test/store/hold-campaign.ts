import { openCampaignState } from '../../src/store/campaign-state.ts';
import { campaignOptions, paidReply, plannedCall, plannedExpense, poolOf } from './campaign-file.ts';

/** Works on the campaign named on the command line, has a call and an expense under way, and stays until it is killed. */
const state = openCampaignState(process.argv[2]!, campaignOptions());
state.items.addFile('pool.jsonl', 'hash', poolOf([{ id: 'a', instruction: 'A' }]));
state.ledger.calls.settle(state.ledger.calls.reserve(plannedCall('paid', 50)), paidReply(30));
state.ledger.calls.reserve(plannedCall('under way', 700));
state.ledger.expenses.reserve([plannedExpense('labels', 'awaited', 4_000)]);
process.stdout.write(`${state.key}\n`);
// The timer also keeps the state from being garbage-collected, which would release its lock.
setInterval(() => state, 60_000);
