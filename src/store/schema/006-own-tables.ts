/**
 * Tries of training, plans of evaluation and figures of reports get tables of their own. Earlier versions kept them in
 * `step`, under names such as `begun-training-1`; those rows move.
 */
export const OWN_TABLES_SCHEMA = `
-- One try to train the seed model of a round. A simulation counts its trainings as rounds.
CREATE TABLE training_try (
  round INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, number)
) STRICT;

-- The labels of a try, in the order of the training file.
CREATE TABLE training_try_label (
  round INTEGER NOT NULL,
  number INTEGER NOT NULL,
  held_out INTEGER NOT NULL CHECK (held_out IN (0, 1)),
  ordinal INTEGER NOT NULL,
  annotation_id INTEGER NOT NULL REFERENCES annotation (id),
  PRIMARY KEY (round, number, held_out, ordinal),
  FOREIGN KEY (round, number) REFERENCES training_try (round, number)
) STRICT;

CREATE TABLE training_failure (
  round INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  message TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (round, number)
) STRICT;

-- Which instructions the model of a round answers.
CREATE TABLE evaluation_plan (
  round INTEGER PRIMARY KEY,
  positions TEXT NOT NULL CHECK (json_valid(positions)),
  remaining INTEGER NOT NULL,
  left_out TEXT NOT NULL CHECK (json_valid(left_out)),
  created_at_ms INTEGER NOT NULL
) STRICT;

-- What takes long to compute for a report and never changes.
CREATE TABLE report_figure (
  name TEXT PRIMARY KEY,
  figure TEXT NOT NULL CHECK (json_valid(figure)),
  created_at_ms INTEGER NOT NULL
) STRICT;

INSERT INTO training_try
  SELECT round, CAST(substr(name, length('begun-training-') + 1) AS INTEGER), created_at_ms
  FROM step WHERE name GLOB 'begun-training-*';
INSERT INTO training_try_label
  SELECT round, CAST(substr(name, length('begun-training-') + 1) AS INTEGER), 0, label.key, label.value
  FROM step, json_each(details, '$.train') AS label WHERE name GLOB 'begun-training-*';
INSERT INTO training_try_label
  SELECT round, CAST(substr(name, length('begun-training-') + 1) AS INTEGER), 1, label.key, label.value
  FROM step, json_each(details, '$.heldOut') AS label WHERE name GLOB 'begun-training-*';
INSERT INTO training_failure
  SELECT round, CAST(substr(name, length('failed-training-') + 1) AS INTEGER),
    coalesce(json_extract(details, '$.message'), ''), created_at_ms
  FROM step WHERE name GLOB 'failed-training-*';
INSERT INTO evaluation_plan
  SELECT round, json_extract(details, '$.positions'), json_extract(details, '$.remaining'),
    coalesce(json_extract(details, '$.leftOut'), '[]'), created_at_ms
  FROM step WHERE name = 'plan-evaluation';
-- Earlier versions called the number of instructions that were compared "among".
INSERT INTO report_figure
  SELECT substr(name, length('report: ') + 1),
    CASE WHEN json_type(details, '$.among') IS NULL THEN details
      ELSE json_remove(json_set(details, '$.compared', json_extract(details, '$.among')), '$.among') END,
    created_at_ms
  FROM step WHERE name GLOB 'report: *';

DELETE FROM step WHERE name GLOB 'begun-training-*' OR name GLOB 'failed-training-*' OR name GLOB 'report: *'
  OR name = 'plan-evaluation';
`;
