-- A row is a count and the days between which it stood: (day, seen) says that it was
-- counted so on both. A count that changes begins a new row, so that a repository without
-- news costs one row for ever.
CREATE TABLE measures (
    paper  INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    kind   TEXT NOT NULL,
    source TEXT NOT NULL,
    day    TEXT NOT NULL,
    seen   TEXT NOT NULL,
    value  INTEGER NOT NULL,
    PRIMARY KEY (paper, kind, source, day)
) WITHOUT ROWID;
-- What a service last said of a paper, and when to ask it again (NULL: never).
CREATE TABLE asked (
    paper  INTEGER NOT NULL REFERENCES papers (n) ON DELETE CASCADE,
    source TEXT NOT NULL,
    answer TEXT NOT NULL,    -- found, unknown, failed, none
    day    TEXT NOT NULL,
    due    TEXT,
    PRIMARY KEY (paper, source)
) WITHOUT ROWID;
CREATE INDEX asked_due ON asked (source, due) WHERE due IS NOT NULL;
CREATE TABLE services (
    source   TEXT PRIMARY KEY,
    answered INTEGER,    -- Unix seconds
    rest     INTEGER     -- not to be asked before
) WITHOUT ROWID;
