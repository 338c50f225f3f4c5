-- What trending is computed from, without the document. The index has all of it, so
-- that the papers of a month are read without touching their rows.
ALTER TABLE papers ADD COLUMN comments INTEGER NOT NULL DEFAULT 0;
ALTER TABLE papers ADD COLUMN category TEXT NOT NULL DEFAULT '';    -- the primary one
UPDATE papers SET
    category = coalesce(json_extract(doc, '$.categories[0]'), ''),
    comments = coalesce((SELECT sum(json_extract(value, '$.comments')) FROM json_each(doc, '$.tallies')), 0);
DROP INDEX papers_day;
CREATE INDEX papers_day ON papers (day, id, published, category, upvotes, comments) WHERE day IS NOT NULL;

-- The tally of a paper at the end of a day on which it had changed, and of the day
-- before it became known. Of a paper there are at most those of the last days that a
-- window looks at and the one before them (keepTallies).
CREATE TABLE tallies (
    paper    INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    day      TEXT NOT NULL,
    upvotes  INTEGER NOT NULL,
    comments INTEGER NOT NULL,
    PRIMARY KEY (paper, day)
) WITHOUT ROWID;
CREATE INDEX tallies_day ON tallies (day);
INSERT INTO tallies (paper, day, upvotes, comments)
    SELECT n, date('now', '-1 day'), upvotes, comments FROM papers WHERE upvotes > 0 OR comments > 0;

-- What was last predicted for papers without votes.
CREATE TABLE interest (
    paper INTEGER PRIMARY KEY REFERENCES papers (n) ON DELETE CASCADE,
    score REAL NOT NULL
);

-- Which papers' stars were counted anew on a day.
CREATE INDEX measures_stars ON measures (day) WHERE kind = 'stars';
