import { RUN_SCHEMA } from './schema/001-run.ts';
import { CAMPAIGN_SCHEMA } from './schema/002-campaign.ts';
import { RETRY_SCHEMA } from './schema/003-retry.ts';
import { SIMULATION_SCHEMA } from './schema/004-simulation.ts';
import { ANNOTATE_SCHEMA } from './schema/005-annotate.ts';
import { OWN_TABLES_SCHEMA } from './schema/006-own-tables.ts';
import { PLUGINS_SCHEMA } from './schema/007-plugins.ts';
import { CONVERSATIONS_SCHEMA } from './schema/008-conversations.ts';
import { DRAWS_SCHEMA } from './schema/009-draws.ts';
import { REPORTED_USAGE_SCHEMA } from './schema/010-reported-usage.ts';
import { CONFIDENCE_SCHEMA } from './schema/011-confidence.ts';
import { COMPARISON_SCHEMA } from './schema/012-comparison.ts';
import { RATE_LIMITS_SCHEMA } from './schema/013-rate-limits.ts';
import { CONTEXTS_SCHEMA } from './schema/014-contexts.ts';
import { BATCHES_SCHEMA } from './schema/015-batches.ts';
import { PEOPLE_SCHEMA } from './schema/016-people.ts';
import { AHEAD_SCHEMA } from './schema/017-ahead.ts';
import { CUT_PROMPTS_SCHEMA } from './schema/018-cut-prompts.ts';
import { GUIDELINES_SCHEMA } from './schema/019-guidelines.ts';
import { FILTERED_REPLIES_SCHEMA } from './schema/020-filtered-replies.ts';
import { NOTES_SCHEMA } from './schema/021-notes.ts';
import { LEAD_ACTIONS_SCHEMA } from './schema/022-lead-actions.ts';
import { ANSWERS_SCHEMA } from './schema/023-answers.ts';

/**
 * The schema, as numbered steps: step i takes `PRAGMA user_version` from i to i + 1. A step that has
 * been released is never edited; a change is a new step.
 *
 * Everything is append-only: an attempt's outcome is a row of its own, and an attempt without one is
 * open (or was, when its process died).
 */
export const MIGRATIONS: readonly string[] = [
  RUN_SCHEMA,
  CAMPAIGN_SCHEMA,
  RETRY_SCHEMA,
  SIMULATION_SCHEMA,
  ANNOTATE_SCHEMA,
  OWN_TABLES_SCHEMA,
  PLUGINS_SCHEMA,
  CONVERSATIONS_SCHEMA,
  DRAWS_SCHEMA,
  REPORTED_USAGE_SCHEMA,
  CONFIDENCE_SCHEMA,
  COMPARISON_SCHEMA,
  RATE_LIMITS_SCHEMA,
  CONTEXTS_SCHEMA,
  BATCHES_SCHEMA,
  PEOPLE_SCHEMA,
  AHEAD_SCHEMA,
  CUT_PROMPTS_SCHEMA,
  GUIDELINES_SCHEMA,
  FILTERED_REPLIES_SCHEMA,
  NOTES_SCHEMA,
  LEAD_ACTIONS_SCHEMA,
  ANSWERS_SCHEMA,
];
